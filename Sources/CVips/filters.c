#include "internal.h"

// A mosaic: every cell takes the mean of its pixels. The border is mirrored so that partial cells count as whole ones.
static int mosaic(VipsImage *in, int cell, VipsImage *scope, VipsImage **out)
{
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 3);
    int width = in->Xsize, height = in->Ysize;
    int across = (width + cell - 1) / cell * cell, down = (height + cell - 1) / cell * cell;

    return vips_embed(in, &t[0], 0, 0, across, down, "extend", VIPS_EXTEND_MIRROR, NULL) ||
        vips_shrink(t[0], &t[1], cell, cell, NULL) || vips_zoom(t[1], &t[2], cell, cell, NULL) ||
        vips_extract_area(t[2], out, 0, 0, width, height, NULL);
}

int vt_filter(vt_image *in, double blur, double sharpen, int pixelate, vt_image **out, vt_fault *fault)
{
    VipsImage *source = vt_in(in), *image = NULL, *now = source;
    VipsImage *scope = vips_image_new();
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 7);
    int alpha = vips_image_hasalpha(source), status = 0;
    int cell = VIPS_MIN(pixelate, VIPS_MAX(source->Xsize, source->Ysize));

    if (alpha) {
        status = vips_premultiply(now, &t[0], NULL) || vips_cast(t[0], &t[1], source->BandFmt, NULL);
        now = t[1];
    }
    if (!status && blur > 0) {
        status = vips_gaussblur(now, &t[2], blur, NULL);
        now = t[2];
    }
    if (!status && sharpen > 0) {
        status = vips_sharpen(now, &t[3], "sigma", sharpen, NULL);
        now = t[3];
    }
    if (!status && cell > 1) {
        status = mosaic(now, cell, scope, &t[4]);
        now = t[4];
    }
    if (!status && alpha) {
        status = vips_unpremultiply(now, &t[5], NULL);
        now = t[5];
    }
    status = status || vips_colourspace(now, &t[6], source->Type, NULL) ||
        vips_cast(t[6], &image, source->BandFmt, NULL);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}
