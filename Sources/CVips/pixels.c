#include "internal.h"

#include <string.h>

int vt_pixels(vt_image *in, uint8_t *pixels, size_t capacity, vt_fault *fault)
{
    VipsImage *image = NULL, *bytes = NULL;
    int status = vips_colourspace(vt_in(in), &image, VIPS_INTERPRETATION_sRGB, NULL) ||
        vips_cast(image, &bytes, VIPS_FORMAT_UCHAR, NULL);

    if (!status) {
        size_t size = 0;
        void *memory = vips_image_write_to_memory(bytes, &size);
        if (!memory)
            status = -1;
        else if (size == capacity)
            memcpy(pixels, memory, size);
        else {
            vips_error("vt_pixels", "%zu bytes of pixels, room for %zu", size, capacity);
            status = -1;
        }
        g_free(memory);
    }
    VIPS_UNREF(image);
    VIPS_UNREF(bytes);

    return status ? vt_fail(fault) : 0;
}
