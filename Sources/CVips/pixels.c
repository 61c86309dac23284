#include "internal.h"

#include <string.h>

int vt_rgba(vt_image *in, uint8_t *pixels, size_t capacity, vt_fault *fault)
{
    VipsImage *image = vt_in(in), *scope = vips_image_new();
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 3);
    int status = vips_colourspace(image, &t[0], VIPS_INTERPRETATION_sRGB, NULL) ||
        vips_cast(t[0], &t[1], VIPS_FORMAT_UCHAR, NULL);

    image = t[1];
    if (!status && !vips_image_hasalpha(image)) {
        status = vips_addalpha(image, &t[2], NULL);
        image = t[2];
    }
    if (!status) {
        size_t size = 0;
        void *memory = vips_image_write_to_memory(image, &size);
        if (memory && size <= capacity && image->Bands == 4)
            memcpy(pixels, memory, size);
        else
            status = -1;
        g_free(memory);
    }
    g_object_unref(scope);

    return status ? vt_fail(fault) : 0;
}
