#include "internal.h"

#include <string.h>

// Damage ends a job, warnings do not: see docs/decisions/0002-decoding-strictness.md.
#define STRICT "fail_on", VIPS_FAIL_ON_ERROR

static int load_svg(void *data, size_t count, const vt_load_options *options, VipsAccess access, VipsImage **image)
{
    // libvips takes no scale below 0.001; a smaller one is reached through the resolution.
    double scale = options->scale, dpi = 72.0;
    if (scale < 0.001) {
        dpi = VIPS_MAX(0.072, dpi * scale / 0.001);
        scale = 0.001;
    }

    return vips_svgload_buffer(data, count, image, "scale", scale, "dpi", dpi, "access", access, STRICT, NULL);
}

int vt_load(const void *bytes, size_t count, vt_format format, const vt_load_options *options, vt_image **out,
            vt_fault *fault)
{
    VipsAccess access = options->sequential ? VIPS_ACCESS_SEQUENTIAL : VIPS_ACCESS_RANDOM;
    VipsImage *image = NULL;
    void *data = (void *) bytes;
    int page = options->page, n = options->pages, status = -1;

    switch (format) {
    case VT_FORMAT_JPEG:
        status = vips_jpegload_buffer(data, count, &image, "shrink", options->shrink, "access", access, STRICT, NULL);
        break;
    case VT_FORMAT_PNG:
        status = vips_pngload_buffer(data, count, &image, "access", access, STRICT, NULL);
        break;
    case VT_FORMAT_WEBP:
        status = vips_webpload_buffer(data, count, &image, "page", page, "n", n, "scale", options->scale, "access",
                                      access, STRICT, NULL);
        break;
    case VT_FORMAT_AVIF:
    case VT_FORMAT_HEIC:
        status = vips_heifload_buffer(data, count, &image, "page", page, "n", 1, "thumbnail", options->thumbnail,
                                      "access", access, STRICT, NULL);
        break;
    case VT_FORMAT_JXL:
        status = vips_jxlload_buffer(data, count, &image, "access", access, STRICT, NULL);
        break;
    case VT_FORMAT_GIF:
        status = vips_gifload_buffer(data, count, &image, "page", page, "n", n, "access", access, STRICT, NULL);
        break;
    case VT_FORMAT_TIFF:
        status = vips_tiffload_buffer(data, count, &image, "page", page, "n", 1, "access", access, STRICT, NULL);
        break;
    case VT_FORMAT_SVG:
        status = load_svg(data, count, options, access, &image);
        break;
    }

    return vt_finish(status, image, out, fault);
}

int vt_from_pixels(const void *pixels, int width, int height, int bands, vt_image **out, vt_fault *fault)
{
    size_t count = (size_t) width * (size_t) height * (size_t) bands;
    VipsImage *plain = vips_image_new_from_memory_copy(pixels, count, width, height, bands, VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;

    int status = !plain || vips_copy(plain, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    VIPS_UNREF(plain);

    return vt_finish(status, image, out, fault);
}

static int int_field(VipsImage *image, const char *name, int otherwise)
{
    int value;

    if (vips_image_get_typeof(image, name) != G_TYPE_INT || vips_image_get_int(image, name, &value)) return otherwise;

    return value;
}

void vt_read_header(const vt_image *of, vt_header *header)
{
    VipsImage *image = vt_in(of);
    VipsInterpretation space = vips_image_guess_interpretation(image);
    int orientation = int_field(image, VIPS_META_ORIENTATION, 1);

    memset(header, 0, sizeof(*header));
    header->width = image->Xsize;
    header->height = image->Ysize;
    header->page_height = vips_image_get_page_height(image);
    header->pages = VIPS_MAX(1, vips_image_get_n_pages(image));
    header->bands = image->Bands;
    header->has_alpha = vips_image_hasalpha(image);
    header->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    header->is_deep = vips_format_sizeof(image->BandFmt) > 1;
    header->is_cmyk = space == VIPS_INTERPRETATION_CMYK;
    header->is_grey = image->Bands < 3;
    header->has_profile = vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0;
    header->is_animated = header->pages > 1 && vips_image_get_typeof(image, "delay") != 0;
}

void vt_read_animation(const vt_image *of, int *delays, int count, int *loop)
{
    VipsImage *image = vt_in(of);
    int *stored = NULL, known = 0;

    if (vips_image_get_typeof(image, "delay") == 0 || vips_image_get_array_int(image, "delay", &stored, &known))
        known = 0;
    for (int i = 0; i < count; i++)
        delays[i] = i < known && stored[i] >= 0 ? stored[i] : 100;
    *loop = int_field(image, "loop", 0);
    vips_error_clear();
}
