#include "internal.h"

#include <string.h>

static int is_grey(const VipsImage *image) { return image->Bands < 3; }

// The profile nearly every editor and camera embeds; converting from it would change nothing.
static int profile_is_srgb(VipsImage *image)
{
    const void *data = NULL;
    size_t count = 0;

    if (vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &count) || count < 128) return 0;
    const char *bytes = data;

    return memcmp(bytes + 16, "RGB ", 4) == 0 && memcmp(bytes + 48, "IEC sRGB", 8) == 0;
}

static int has_profile(VipsImage *image) { return vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0; }

// More than 8 bits a channel become 8. The profile still describes the numbers that remain.
static int to_eight_bits(VipsImage *in, VipsImage *scope, VipsImage **out)
{
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 2);
    VipsInterpretation space = is_grey(in) ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;

    if (in->BandFmt == VIPS_FORMAT_USHORT && in->Type != VIPS_INTERPRETATION_CMYK)
        return vips_rshift_const1(in, &t[0], 8, NULL) || vips_cast(t[0], &t[1], VIPS_FORMAT_UCHAR, NULL) ||
            vips_copy(t[1], out, "interpretation", space, NULL);
    if (in->BandFmt == VIPS_FORMAT_USHORT)
        return vips_rshift_const1(in, &t[0], 8, NULL) || vips_cast(t[0], out, VIPS_FORMAT_UCHAR, NULL);

    // Floating point, signed or 32-bit samples (TIFF): their meaning is in the interpretation.
    return vips_colourspace(in, &t[0], space, NULL) || vips_cast(t[0], out, VIPS_FORMAT_UCHAR, NULL);
}

static int has_tag(const unsigned char *profile, size_t size, const char *name)
{
    if (size < 132) return 0;
    size_t count = (size_t) profile[128] << 24 | profile[129] << 16 | profile[130] << 8 | profile[131];

    for (size_t i = 0; i < count && 132 + 12 * i + 4 <= size; i++)
        if (memcmp(profile + 132 + 12 * i, name, 4) == 0) return 1;

    return 0;
}

// Relative colorimetric, as browsers do; a table profile that has only a perceptual table would be ignored so.
static VipsIntent best_intent(VipsImage *image)
{
    const void *data = NULL;
    size_t size = 0;

    if (!has_profile(image) || vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &size))
        return VIPS_INTENT_RELATIVE;

    return has_tag(data, size, "A2B0") && !has_tag(data, size, "A2B1") ? VIPS_INTENT_PERCEPTUAL : VIPS_INTENT_RELATIVE;
}

// A damaged or unsuitable profile must not cost the picture: it is left out then.
static int through_profile(VipsImage *in, const char *fallback, VipsImage **out)
{
    VipsIntent intent = best_intent(in);
    int status = fallback
        ? vips_icc_transform(in, out, "srgb", "embedded", TRUE, "intent", intent, "input_profile", fallback, NULL)
        : vips_icc_transform(in, out, "srgb", "embedded", TRUE, "intent", intent, NULL);

    if (status) vips_error_clear();

    return status;
}

int vt_to_srgb(vt_image *in, int keep_profile, vt_image **out, vt_fault *fault)
{
    VipsImage *now = vt_in(in), *image = NULL, *scope = vips_image_new();
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 5);
    int grey = is_grey(now), status = 0;

    if (now->BandFmt != VIPS_FORMAT_UCHAR) {
        status = to_eight_bits(now, scope, &t[0]);
        now = t[0];
    }
    if (!status && now->Type == VIPS_INTERPRETATION_CMYK) {
        if (!through_profile(now, "cmyk", &t[1])) now = t[1];
    } else if (!status && has_profile(now) && !keep_profile && !profile_is_srgb(now)) {
        if (!through_profile(now, NULL, &t[1])) now = t[1];
    }
    if (!status) {
        VipsInterpretation space = grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
        status = vips_colourspace(now, &t[2], space, NULL) || vips_cast(t[2], &t[3], VIPS_FORMAT_UCHAR, NULL) ||
            vips_copy(t[3], &image, NULL);
    }
    if (!status && (!keep_profile || vt_in(in)->Type == VIPS_INTERPRETATION_CMYK))
        vips_image_remove(image, VIPS_META_ICC_NAME);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}

int vt_to_rgb(vt_image *in, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_colourspace(vt_in(in), &image, VIPS_INTERPRETATION_sRGB, NULL);

    return vt_finish(status, image, out, fault);
}

int vt_flatten(vt_image *in, int color, vt_image **out, vt_fault *fault)
{
    VipsImage *source = vt_in(in), *image = NULL;
    double red = color >> 16 & 255, green = color >> 8 & 255, blue = color & 255;

    if (!vips_image_hasalpha(source)) return vt_finish(vips_copy(source, &image, NULL), image, out, fault);

    double ink[3] = {red, green, blue};
    VipsArrayDouble *paint = vips_array_double_new(ink, is_grey(source) ? 1 : 3);
    int status = vips_flatten(source, &image, "background", paint, NULL);
    vips_area_unref(VIPS_AREA(paint));

    return vt_finish(status, image, out, fault);
}

int vt_underpaint(vt_image *in, int color, double opacity, vt_image **out, vt_fault *fault)
{
    VipsImage *source = vt_in(in), *image = NULL, *scope = vips_image_new();
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 4);
    double ink[4] = {color >> 16 & 255, color >> 8 & 255, color & 255, 255 * opacity};
    double none[4] = {0, 0, 0, 0};

    int status = vips_black(&t[0], source->Xsize, source->Ysize, "bands", 4, NULL) ||
        vips_linear(t[0], &t[1], none, ink, 4, "uchar", TRUE, NULL) ||
        vips_copy(t[1], &t[2], "interpretation", VIPS_INTERPRETATION_sRGB, NULL) ||
        vips_composite2(t[2], source, &t[3], VIPS_BLEND_MODE_OVER, "compositing_space", VIPS_INTERPRETATION_sRGB,
                        NULL) ||
        vips_cast(t[3], &image, VIPS_FORMAT_UCHAR, NULL);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}
