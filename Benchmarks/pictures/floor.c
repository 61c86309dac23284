// The floor: the same jobs as the server's, in a bare loop on the same libvips, one thread per core, no HTTP,
// no processes, no checks. Prints images per second and CPU milliseconds per image.
//
//   floor JOB SOURCE SECONDS THREADS      JOB: J (640w JPEG q80) W (640w WebP q80) A (320w AVIF q50 effort 1)
//                                              S (640x640 attention crop, JPEG q80)
//
// Build: cc -O2 floor.c -o floor $(pkg-config --cflags --libs vips) -lpthread

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <vips/vips.h>
#include <vips/vector.h>

static void *source;
static size_t source_length;
static char job;
static double deadline;
static atomic_long done;
static atomic_long bytes;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void *worker(void *unused) {
    (void)unused;
    while (now() < deadline) {
        VipsImage *thumbnail = NULL;
        void *out = NULL;
        size_t length = 0;
        int failed;
        if (job == 'S')
            failed = vips_thumbnail_buffer(source, source_length, &thumbnail, 640, "height", 640, "crop",
                                           VIPS_INTERESTING_ATTENTION, NULL);
        else
            failed = vips_thumbnail_buffer(source, source_length, &thumbnail, job == 'A' ? 320 : 640, "height",
                                           VIPS_MAX_COORD, NULL);
        if (!failed) {
            if (job == 'W')
                failed = vips_webpsave_buffer(thumbnail, &out, &length, "Q", 80, "strip", TRUE, NULL);
            else if (job == 'A')
                failed = vips_heifsave_buffer(thumbnail, &out, &length, "Q", 50, "effort", 1, "compression",
                                              VIPS_FOREIGN_HEIF_COMPRESSION_AV1, NULL);
            else
                failed = vips_jpegsave_buffer(thumbnail, &out, &length, "Q", 80, "strip", TRUE, "optimize_coding",
                                              TRUE, NULL);
        }
        if (failed) {
            fprintf(stderr, "%s\n", vips_error_buffer());
            exit(1);
        }
        atomic_fetch_add(&bytes, (long)length);
        atomic_fetch_add(&done, 1);
        g_free(out);
        g_object_unref(thumbnail);
        vips_thread_shutdown();
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 5 || VIPS_INIT(argv[0])) return 2;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    if (getenv("FLOOR_NOVECTOR")) vips_vector_set_enabled(FALSE);
    job = argv[1][0];
    gchar *contents;
    gsize length;
    if (!g_file_get_contents(argv[2], &contents, &length, NULL)) return 2;
    source = contents;
    source_length = length;
    int threads = atoi(argv[4]);
    double start = now();
    deadline = start + atof(argv[3]);
    pthread_t handles[64];
    for (int i = 0; i < threads && i < 64; i++) pthread_create(&handles[i], NULL, worker, NULL);
    for (int i = 0; i < threads && i < 64; i++) pthread_join(handles[i], NULL);
    double wall = now() - start;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                 (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"images_per_second\": %.2f, \"cpu_ms\": %.2f, \"bytes\": %ld, \"memory_mb\": %ld, \"vips\": \"%s\"}\n",
           done / wall, cpu * 1000 / done, bytes / (done ? done : 1), usage.ru_maxrss / 1024, vips_version_string());
    return 0;
}
