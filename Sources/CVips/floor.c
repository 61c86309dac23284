#include "internal.h"

static int floor_save(VipsImage *image, vt_format format, int quality, int effort, void **bytes, size_t *count)
{
    switch (format) {
    case VT_FORMAT_WEBP:
        return vips_webpsave_buffer(image, bytes, count, "Q", quality, "strip", TRUE, NULL);
    case VT_FORMAT_AVIF:
        return vips_heifsave_buffer(image, bytes, count, "Q", quality, "effort", effort, "compression",
                                    VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "strip", TRUE, NULL);
    default:
        return vips_jpegsave_buffer(image, bytes, count, "Q", quality, "strip", TRUE, NULL);
    }
}

int vt_floor(const void *bytes, size_t count, int width, int height, int smart, vt_format format, int quality,
             int effort, size_t *encoded, vt_fault *fault)
{
    VipsImage *image = NULL;
    void *buffer = NULL;
    int tall = height > 0 ? height : VIPS_MAX_COORD;
    int status = smart
        ? vips_thumbnail_buffer((void *) bytes, count, &image, width, "height", tall, "crop",
                                VIPS_INTERESTING_ATTENTION, NULL)
        : vips_thumbnail_buffer((void *) bytes, count, &image, width, "height", tall, NULL);

    status = status || floor_save(image, format, quality, effort, &buffer, encoded);
    VIPS_UNREF(image);
    g_free(buffer);

    return status ? vt_fail(fault) : 0;
}
