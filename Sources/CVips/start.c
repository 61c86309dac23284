#include "internal.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <vips/vector.h>

// Only these loaders can be reached, whatever a source looks like.
static const char *allowed_loaders[] = {
    "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif",
    "VipsForeignLoadJxl", "VipsForeignLoadNsgif", "VipsForeignLoadTiff", "VipsForeignLoadSvg",
};

int vt_fail(vt_fault *fault)
{
    size_t room = sizeof(fault->text) - 1;
    const char *text = vips_error_buffer();

    memset(fault->text, 0, sizeof(fault->text));
    strncpy(fault->text, text && *text ? text : "libvips gave no reason", room);
    for (char *c = fault->text; *c; c++)
        if (*c == '\n') *c = ';';
    vips_error_clear();

    return -1;
}

int vt_finish(int status, VipsImage *image, vt_image **out, vt_fault *fault)
{
    if (status) {
        VIPS_UNREF(image);
        return vt_fail(fault);
    }
    *out = (vt_image *) image;

    return 0;
}

// libvips loads every module of its folder when it starts: ImageMagick, Poppler and OpenSlide among them, 20 ms and
// several libraries of code that must never run here. So it is started with a home that has no modules, and the two
// that are wanted are opened by name from beside the library. A libvips without modules has their formats built in.
static void load_module(const char *name)
{
    Dl_info info;
    char path[4096];
    const char *slash;

    if (!dladdr((void *) vips_init, &info) || !info.dli_fname || !(slash = strrchr(info.dli_fname, '/'))) return;
    int length = snprintf(path, sizeof(path), "%.*s/vips-modules-%d.%d/%s.so", (int) (slash - info.dli_fname),
                          info.dli_fname, vips_version(0), vips_version(1), name);
    if (length <= 0 || (size_t) length >= sizeof(path)) return;

    GModule *module = g_module_open(path, G_MODULE_BIND_LAZY);
    if (module) g_module_make_resident(module);
}

// libvips warns on stderr of much that is the source's business; faults come back through vt_fault.
static void drop_message(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
    (void) domain, (void) level, (void) message, (void) data;
}

int vt_start(int vectors, vt_fault *fault)
{
    // One arena: libvips's threads work one after another, and each further arena keeps its own peak.
    mallopt(M_ARENA_MAX, 1);

    setenv("VIPSHOME", "/nonexistent", 1);
    if (vips_init("vitrine")) return vt_fail(fault);
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO, drop_message, NULL);
    load_module("vips-heif");
    load_module("vips-jxl");

    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    vips_leak_set(FALSE);
    vips_vector_set_enabled(vectors != 0);

    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(allowed_loaders); i++)
        vips_operation_block_set(allowed_loaders[i], FALSE);
    vips_error_clear();

    return 0;
}

int vt_version(void) { return 10000 * vips_version(0) + 100 * vips_version(1) + vips_version(2); }

void vt_trim_heap(void) { malloc_trim(0); }

void vt_end_job(void)
{
    // malloc keeps what large pictures needed; walking its bins costs microseconds, giving back costs more.
    const size_t worthwhile = (size_t) 32 << 20;

    vips_error_clear();
    if (mallinfo2().fordblks > worthwhile) malloc_trim(0);
}

int64_t vt_cpu_microseconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);

    return (int64_t) time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void *count_object(VipsObject *object, int *count, void *unused)
{
    (void) object, (void) unused;
    *count += 1;

    return NULL;
}

int vt_live_objects(void)
{
    int count = 0;

    vips_object_map((VipsSListMap2Fn) count_object, &count, NULL);

    return count;
}

size_t vt_held_bytes(void) { return vips_tracked_get_mem(); }

vt_image *vt_retain(vt_image *image) { return (vt_image *) g_object_ref(image); }

void vt_release(vt_image *image)
{
    if (image) g_object_unref(image);
}

void vt_free(void *bytes) { g_free(bytes); }
