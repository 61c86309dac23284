// Open-loop load: asks at a fixed rate, whether or not the server keeps up, and counts each answer's time from the
// moment its request was due, so that a stall is seen by every request that fell into it. Prints one line of JSON.
//
//   paced PORT PATH RATE SECONDS CONNECTIONS       RATE in requests per second; the first tenth is not counted
//   paced PORT @FILE RATE SECONDS CONNECTIONS      sends the requests of FILE in turn: of each the number of its bytes
//                                                  (four, little-endian) and the bytes
//
// Build: cc -O2 paced.c -o paced

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LIMIT = 8192, CONNECTION_LIMIT = 1024, PIECE = 1 << 18 };

struct connection {
    int descriptor, busy;
    long request;       // which one it is answering
    size_t head_length; // bytes of head so far
    long body_left;     // -1 while the head is being read
    char head[HEAD_LIMIT];
};

static struct connection *connections, *idle[CONNECTION_LIMIT];
static int idle_count;
static double *latencies; // seconds, by request
static double start, interval;
static long answered, failed;
static char piece[PIECE];
static struct { const char *bytes; size_t length; } *requests;
static long request_count;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void fail(const char *what) {
    fprintf(stderr, "paced: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void open_connection(struct connection *c, int port, int poll) {
    c->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(c->descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    int yes = 1;
    setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->descriptor, &event);
    idle[idle_count++] = c;
}

static void finish(struct connection *c) {
    latencies[c->request] = now() - (start + (double)c->request * interval);
    answered++;
    c->busy = 0;
    idle[idle_count++] = c;
}

// Takes in what has arrived. Only answers with a Content-Length are understood: all of these servers send one.
static void read_answer(struct connection *c) {
    for (;;) {
        if (!c->busy || c->body_left >= 0) {
            ssize_t got = recv(c->descriptor, piece, PIECE, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0 || !c->busy || got > c->body_left) fail("an answer ended early or went on too long");
            c->body_left -= got;
            if (c->body_left == 0) return finish(c);
            continue;
        }
        ssize_t got = recv(c->descriptor, c->head + c->head_length, HEAD_LIMIT - 1 - c->head_length, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) fail("the server closed a connection");
        c->head_length += (size_t)got;
        c->head[c->head_length] = 0;
        char *end = memmem(c->head, c->head_length, "\r\n\r\n", 4);
        if (!end) continue;
        char *length = strcasestr(c->head, "\r\ncontent-length:");
        if (!length || length > end) fail("no Content-Length");
        if (strncmp(c->head, "HTTP/1.1 20", 11)) failed++;
        long here = (long)(c->head + c->head_length - (end + 4));
        c->body_left = atol(length + 17) - here;
        if (c->body_left <= 0) return finish(c);
    }
}

// The share of the time that this program was ready to run and another had its processor: it spoils the latencies.
static double held_up(double wall) {
    FILE *file = fopen("/proc/self/schedstat", "r");
    unsigned long long ran = 0, waited = 0;
    if (!file || fscanf(file, "%llu %llu", &ran, &waited) != 2) waited = 0;
    if (file) fclose(file);
    return (double)waited / 1e9 / wall;
}

static void add_request(const char *bytes, size_t length) {
    requests = realloc(requests, (size_t)(request_count + 1) * sizeof *requests);
    if (!requests) fail("start");
    requests[request_count].bytes = bytes;
    requests[request_count++].length = length;
}

static void read_requests(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    unsigned char size[4];
    while (fread(size, 1, 4, file) == 4) {
        size_t length = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24;
        char *bytes = malloc(length);
        if (!bytes || fread(bytes, 1, length, file) != length) fail(path);
        add_request(bytes, length);
    }
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    int port = atoi(argv[1]), count = atoi(argv[5]);
    double rate = atof(argv[3]), seconds = atof(argv[4]);
    if (count < 1 || count > CONNECTION_LIMIT || rate <= 0) return 2;
    char request[512];
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", argv[2], port);
    if (argv[2][0] == '@') read_requests(argv[2] + 1); else add_request(request, (size_t)length);
    if (request_count == 0) return 2;
    long total = (long)(rate * seconds), sent = 0;
    connections = calloc((size_t)count, sizeof *connections);
    latencies = calloc((size_t)total, sizeof *latencies);
    int poll = epoll_create1(0);
    if (!connections || !latencies || poll < 0) fail("start");
    for (int i = 0; i < count; i++) open_connection(&connections[i], port, poll);
    interval = 1 / rate;
    start = now() + 0.01;
    double deadline = start + seconds + 10;
    struct epoll_event events[256];
    while (answered < total && now() < deadline) {
        while (sent < total && idle_count && start + (double)sent * interval <= now()) {
            struct connection *c = idle[--idle_count];
            c->busy = 1;
            c->request = sent++;
            c->head_length = 0;
            c->body_left = -1;
            long turn = c->request % request_count;
            ssize_t length = (ssize_t)requests[turn].length;
            if (send(c->descriptor, requests[turn].bytes, (size_t)length, MSG_NOSIGNAL) != length) fail("send");
        }
        double wait = 0.1;
        if (sent < total && idle_count) wait = fmax(0, start + (double)sent * interval - now());
        struct timespec timeout = {.tv_sec = (time_t)wait, .tv_nsec = (long)(fmod(wait, 1) * 1e9)};
        int ready = epoll_pwait2(poll, events, 256, &timeout, NULL);
        for (int i = 0; i < ready; i++) read_answer(events[i].data.ptr);
    }
    double wall = now() - start;
    if (answered < total) {
        fprintf(stderr, "paced: only %ld of %ld answers came\n", answered, total);
        return 1;
    }
    long skipped = total / 10, counted = total - skipped;
    qsort(latencies + skipped, (size_t)counted, sizeof *latencies, by_size);
    double *sorted = latencies + skipped;
    printf("{\"rate\": %.1f, \"requests\": %ld, \"errors\": %ld, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
           "\"p999_ms\": %.3f, \"max_ms\": %.3f, \"held_up\": %.3f}\n", (double)total / wall, counted, failed,
           sorted[counted / 2] * 1e3, sorted[counted * 99 / 100] * 1e3, sorted[counted * 999 / 1000] * 1e3,
           sorted[counted - 1] * 1e3, held_up(wall));
    return 0;
}
