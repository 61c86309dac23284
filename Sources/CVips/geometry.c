#include "internal.h"

#include <math.h>

int vt_materialise(vt_image *in, vt_image **out, vt_fault *fault)
{
    VipsImage *image = vips_image_copy_memory(vt_in(in));

    return vt_finish(image ? 0 : -1, image, out, fault);
}

int vt_extract(vt_image *in, int left, int top, int width, int height, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_extract_area(vt_in(in), &image, left, top, width, height, NULL);

    return vt_finish(status, image, out, fault);
}

// One axis of a resize: pixels that go in, after padding, and pixels that come out, before cutting.
typedef struct axis {
    int in, out;
} axis;

// A decoder that shrinks while it loads gives whole pixels: 2250 rows by 4 are 562, not 562.5. Scaling 562 rows to the
// wanted height would stretch the picture by up to half a pixel. So the axis is padded to a length at which the true
// factor meets whole pixels on both sides, and cut afterwards; a length within 32 pixels is off by 1/50 or less.
static axis exact_axis(int have, double truly, int wanted)
{
    axis best = {have, wanted};
    double least = fabs(truly - have), factor = truly / wanted;

    if (least < 1e-6) return best;
    for (int out = wanted; out <= wanted + 32; out++) {
        int in = (int) lround(out * factor);
        double off = fabs(out * factor - in);
        if (in >= have && in <= have + 64 && off < least) {
            least = off;
            best = (axis) {in, out};
        }
    }

    return best;
}

// vips_resize() rounds after each of its stages, so that a side may come out a pixel off; the edge makes up for it.
static int resize_exactly(VipsImage *in, int width, int height, axis across, axis down, VipsImage *scope,
                          VipsImage **out)
{
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 2);
    VipsImage *padded = in;

    if (across.in > in->Xsize || down.in > in->Ysize) {
        if (vips_embed(in, &t[0], 0, 0, across.in, down.in, "extend", VIPS_EXTEND_COPY, NULL)) return -1;
        padded = t[0];
    }
    if (vips_resize(padded, &t[1], (double) across.out / padded->Xsize, "vscale",
                    (double) down.out / padded->Ysize, NULL))
        return -1;
    if (t[1]->Xsize == width && t[1]->Ysize == height) return vips_copy(t[1], out, NULL);

    return vips_embed(t[1], out, 0, 0, width, height, "extend", VIPS_EXTEND_COPY, NULL);
}

int vt_resize(vt_image *in, int width, int height, double true_width, double true_height, vt_image **out,
              vt_fault *fault)
{
    VipsImage *source = vt_in(in), *image = NULL, *scope = vips_image_new();
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 4);
    axis across = exact_axis(source->Xsize, true_width, width), down = exact_axis(source->Ysize, true_height, height);
    int status;

    if (vips_image_hasalpha(source))
        // Straight alpha would bleed the colour of invisible pixels into the edges. The cast back to the source's
        // format before the resize is what makes this cheap: what follows works on bytes, not floats.
        status = vips_premultiply(source, &t[0], NULL) || vips_cast(t[0], &t[1], source->BandFmt, NULL) ||
            resize_exactly(t[1], width, height, across, down, scope, &t[2]) ||
            vips_unpremultiply(t[2], &t[3], NULL) || vips_cast(t[3], &image, source->BandFmt, NULL);
    else
        status = resize_exactly(source, width, height, across, down, scope, &image);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}

int vt_add_alpha(vt_image *in, vt_image **out, vt_fault *fault)
{
    VipsImage *source = vt_in(in), *image = NULL;
    int status = vips_image_hasalpha(source) ? vips_copy(source, &image, NULL) : vips_addalpha(source, &image, NULL);

    return vt_finish(status, image, out, fault);
}

int vt_turn(vt_image *in, int quarters, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_rot(vt_in(in), &image, (VipsAngle) (((quarters % 4) + 4) % 4), NULL);

    return vt_finish(status, image, out, fault);
}

int vt_flip(vt_image *in, int vertical, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    VipsDirection direction = vertical ? VIPS_DIRECTION_VERTICAL : VIPS_DIRECTION_HORIZONTAL;
    int status = vips_flip(vt_in(in), &image, direction, NULL);

    return vt_finish(status, image, out, fault);
}

int vt_rotate(vt_image *in, double degrees, vt_image **out, vt_fault *fault)
{
    VipsImage *scope = vips_image_new(), *image = NULL;
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 5);
    VipsImage *source = vt_in(in);
    VipsBandFormat format = source->BandFmt;
    VipsArrayDouble *clear = vips_array_double_newv(4, 0.0, 0.0, 0.0, 0.0);
    int status = 0;

    if (!vips_image_hasalpha(source)) {
        status = vips_addalpha(source, &t[0], NULL);
        source = t[0];
    }
    status = status || vips_premultiply(source, &t[1], NULL) ||
        vips_rotate(t[1], &t[2], degrees, "background", clear, NULL) || vips_unpremultiply(t[2], &t[3], NULL) ||
        vips_cast(t[3], &image, format, NULL);
    vips_area_unref(VIPS_AREA(clear));
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}

int vt_smart_crop(vt_image *in, int width, int height, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_smartcrop(vt_in(in), &image, width, height, "interesting", VIPS_INTERESTING_ATTENTION, NULL);

    return vt_finish(status, image, out, fault);
}

int vt_find_trim(vt_image *in, double threshold, int color, int *left, int *top, int *width, int *height,
                 vt_fault *fault)
{
    VipsImage *scope = vips_image_new(), *image = vt_in(in);
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), 2);
    double *corner = NULL;
    int bands = 0;

    int status = vips_colourspace(image, &t[0], VIPS_INTERPRETATION_sRGB, NULL);
    image = t[0];
    if (!status && vips_image_hasalpha(image)) {
        // A colour that pictures rarely have, so that the invisible differs from the visible.
        VipsArrayDouble *magenta = vips_array_double_newv(3, 255.0, 0.0, 255.0);
        status = vips_flatten(image, &t[1], "background", magenta, NULL);
        vips_area_unref(VIPS_AREA(magenta));
        image = t[1];
    }
    if (!status) {
        VipsArrayDouble *border = NULL;
        if (color < 0) {
            status = vips_getpoint(image, &corner, &bands, 0, 0, NULL);
            if (!status) border = vips_array_double_new(corner, bands);
        } else {
            border = vips_array_double_newv(3, (double) (color >> 16 & 255), (double) (color >> 8 & 255),
                                            (double) (color & 255));
        }
        status = status ||
            vips_find_trim(image, left, top, width, height, "background", border, "threshold", threshold, NULL);
        if (border) vips_area_unref(VIPS_AREA(border));
        g_free(corner);
    }
    g_object_unref(scope);

    return status ? vt_fail(fault) : 0;
}

int vt_embed(vt_image *in, int left, int top, int width, int height, int color, vt_image **out, vt_fault *fault)
{
    VipsImage *source = vt_in(in), *opened = NULL, *image = NULL;
    int status = 0;

    if (color < 0) {
        if (!vips_image_hasalpha(source)) {
            status = vips_addalpha(source, &opened, NULL);
            source = opened;
        }
        status = status ||
            vips_embed(source, &image, left, top, width, height, "extend", VIPS_EXTEND_BLACK, NULL);
    } else {
        double red = color >> 16 & 255, green = color >> 8 & 255, blue = color & 255;
        double ink[4] = {red, green, blue, 255};
        VipsArrayDouble *paint = vips_array_double_new(ink, vips_image_hasalpha(source) ? 4 : 3);
        status = vips_embed(source, &image, left, top, width, height, "extend", VIPS_EXTEND_BACKGROUND, "background",
                            paint, NULL);
        vips_area_unref(VIPS_AREA(paint));
    }
    VIPS_UNREF(opened);

    return vt_finish(status, image, out, fault);
}

int vt_tile(vt_image *in, const vt_tiling *tiling, vt_image **out, vt_fault *fault)
{
    VipsImage *scope = vips_image_new(), *tile = vt_in(in), *image = NULL;
    VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(scope), VT_COPIES_MAX + 3);
    int copies = VIPS_MIN(tiling->copies, VT_COPIES_MAX);

    int status = vips_black(&t[0], tiling->cell_width, tiling->cell_height, "bands", tile->Bands, NULL) ||
        vips_copy(t[0], &t[1], "interpretation", tile->Type, NULL);
    VipsImage *cell = t[1];
    for (int i = 0; !status && i < copies; i++) {
        status = vips_insert(cell, tile, &t[2 + i], tiling->copy_x[i], tiling->copy_y[i], NULL);
        cell = t[2 + i];
    }
    status = status || vips_replicate(cell, &t[VT_COPIES_MAX + 2], tiling->columns, tiling->rows, NULL) ||
        vips_extract_area(t[VT_COPIES_MAX + 2], &image, tiling->left, tiling->top, tiling->width, tiling->height,
                          NULL);
    g_object_unref(scope);

    return vt_finish(status, image, out, fault);
}

int vt_join_frames(vt_image **frames, int count, const int *delays, int loop, vt_image **out, vt_fault *fault)
{
    VipsImage *joined = NULL, *image = NULL;
    int status = vips_arrayjoin((VipsImage **) frames, &joined, count, "across", 1, NULL) ||
        vips_copy(joined, &image, NULL);

    VIPS_UNREF(joined);
    if (!status) {
        vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, vt_in(frames[0])->Ysize);
        vips_image_set_int(image, VIPS_META_N_PAGES, count);
        vips_image_set_array_int(image, "delay", delays, count);
        vips_image_set_int(image, "loop", loop);
    }

    return vt_finish(status, image, out, fault);
}
