// The floor of intake: lines of CSV, compressed as one zstd stream at level 1 and written, nothing else.
//
//   floor LINES OUTPUT ROUNDS       LINES is a file of lines; they are written ROUNDS times, 100 at a time
//
// One fdatasync for each mebibyte that is written. Prints one line of JSON. Build: cc -O2 floor.c -o floor -lzstd
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

enum { BATCH = 100, PIECE = 1 << 20 };

static char out[PIECE + (1 << 18)];
static size_t held;
static double written;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double cpu_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void flush(int file) {
    for (size_t done = 0; done < held;) {
        ssize_t count = write(file, out + done, held - done);
        if (count < 0) fail("write");
        done += (size_t)count;
    }
    if (fdatasync(file)) fail("fdatasync");
    written += (double)held;
    held = 0;
}

static void compress(ZSTD_CCtx *context, const char *bytes, size_t count, ZSTD_EndDirective end, int file) {
    ZSTD_inBuffer in = {bytes, count, 0};
    for (;;) {
        ZSTD_outBuffer to = {out + held, sizeof out - held, 0};
        size_t left = ZSTD_compressStream2(context, &to, &in, end);
        if (ZSTD_isError(left)) exit(3);
        held += to.pos;
        if (held >= PIECE) flush(file);
        if (in.pos == in.size && (end == ZSTD_e_continue || left == 0)) return;
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: floor LINES OUTPUT ROUNDS\n"), 2;
    int from = open(argv[1], O_RDONLY), file = open(argv[2], O_CREAT | O_TRUNC | O_WRONLY, 0600);
    struct stat status;
    if (from < 0 || file < 0 || fstat(from, &status)) fail("open");
    char *lines = malloc((size_t)status.st_size + 1);
    if (!lines || read(from, lines, (size_t)status.st_size) != status.st_size) fail(argv[1]);
    lines[status.st_size] = 0;
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
    int rounds = atoi(argv[3]);
    long events = 0;
    char *batch = malloc((size_t)status.st_size);
    double start = cpu_seconds();
    for (int round = 0; round < rounds; round++) {
        for (char *at = lines; *at;) {
            size_t count = 0;
            for (int line = 0; line < BATCH && *at; line++, events++) {
                size_t length = (size_t)(strchr(at, '\n') + 1 - at);
                memcpy(batch + count, at, length);
                count += length;
                at += length;
            }
            compress(context, batch, count, ZSTD_e_continue, file);
        }
    }
    compress(context, NULL, 0, ZSTD_e_end, file);
    flush(file);
    double spent = cpu_seconds() - start;
    printf("{\"cpu_us\": %.4f, \"per_cpu_second\": %.0f, \"line_bytes\": %.1f, \"stored_bytes\": %.1f}\n",
           spent / (double)events * 1e6, (double)events / spent, (double)status.st_size * rounds / (double)events,
           written / (double)events);
    return 0;
}
