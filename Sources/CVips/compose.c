#include "internal.h"

// Scales the last band, which is alpha.
static int fade(VipsImage *in, double opacity, VipsImage *scope, VipsImage **out)
{
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 4);
    int colours = in->Bands - 1;

    return vips_extract_band(in, &t[0], 0, "n", colours, NULL) ||
        vips_extract_band(in, &t[1], colours, NULL) || vips_linear1(t[1], &t[2], opacity, 0, NULL) ||
        vips_cast(t[2], &t[3], in->BandFmt, NULL) || vips_bandjoin2(t[0], t[3], out, NULL);
}

int vt_compose(vt_image *base, vt_image *over, int left, int top, double opacity, vt_image **out, vt_fault *fault)
{
    VipsImage *below = vt_in(base), *above = vt_in(over), *image = NULL, *scope = vips_image_new();
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 4);
    int had_alpha = vips_image_hasalpha(below), status = 0;

    if (!vips_image_hasalpha(above)) {
        status = vips_addalpha(above, &t[0], NULL);
        above = t[0];
    }
    if (!status && opacity < 1) {
        status = fade(above, opacity, scope, &t[1]);
        above = t[1];
    }
    status = status ||
        vips_composite2(below, above, &t[2], VIPS_BLEND_MODE_OVER, "x", left, "y", top, "compositing_space",
                        VIPS_INTERPRETATION_sRGB, NULL) ||
        vips_cast(t[2], &t[3], VIPS_FORMAT_UCHAR, NULL);
    if (!status)
        status = had_alpha ? vips_copy(t[3], &image, NULL)
                           : vips_extract_band(t[3], &image, 0, "n", t[3]->Bands - 1, NULL);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}

int vt_text(const char *text, const char *font, int width, int color, vt_image **out, vt_fault *fault)
{
    VipsImage *scope = vips_image_new(), *image = NULL;
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 4);
    double none[3] = {0, 0, 0}, ink[3] = {color >> 16 & 255, color >> 8 & 255, color & 255};
    // vips_text() always reads Pango markup, so plain text has to be escaped.
    char *escaped = g_markup_escape_text(text, -1);

    // At 72 dots an inch a point is a pixel.
    int status = width > 0 ? vips_text(&t[0], escaped, "font", font, "width", width, "dpi", 72, NULL)
                           : vips_text(&t[0], escaped, "font", font, "dpi", 72, NULL);
    g_free(escaped);
    status = status || vips_black(&t[1], t[0]->Xsize, t[0]->Ysize, "bands", 3, NULL) ||
        vips_linear(t[1], &t[2], none, ink, 3, "uchar", TRUE, NULL) ||
        vips_bandjoin2(t[2], t[0], &t[3], NULL) ||
        vips_copy(t[3], &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}
