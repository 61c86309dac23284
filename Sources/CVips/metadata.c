#include "internal.h"

#include <stdlib.h>
#include <string.h>

static const char *copyright_fields[] = {"exif-ifd0-Copyright", "exif-ifd0-Artist"};
static const char *animation_fields[] = {VIPS_META_PAGE_HEIGHT, VIPS_META_N_PAGES, "delay", "loop"};

static int one_of(const char *name, const char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return 1;

    return 0;
}

int vt_strip(vt_image *in, int keep_copyright, int keep_profile, int keep_animation, vt_image **out, vt_fault *fault)
{
    // 72 dots an inch: a resolution would otherwise survive in the file's own header.
    const double resolution = 72.0 / 25.4;
    VipsImage *image = NULL;

    if (vips_copy(vt_in(in), &image, "xres", resolution, "yres", resolution, NULL))
        return vt_finish(-1, image, out, fault);

    char **names = vips_image_get_fields(image);
    for (char **name = names; name && *name; name++) {
        if (strcmp(*name, "vips-sequential") == 0 || (keep_profile && strcmp(*name, VIPS_META_ICC_NAME) == 0) ||
            (keep_copyright && one_of(*name, copyright_fields, G_N_ELEMENTS(copyright_fields))) ||
            (keep_animation && one_of(*name, animation_fields, G_N_ELEMENTS(animation_fields))))
            continue;
        // The EXIF block goes as a whole; the kept fields are written into a new one.
        vips_image_remove(image, *name);
    }
    g_strfreev(names);

    return vt_finish(0, image, out, fault);
}

int vt_forget_orientation(vt_image *in, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_copy(vt_in(in), &image, NULL);

    if (!status) {
        vips_autorot_remove_angle(image);
        vips_image_remove(image, "jpeg-thumbnail-data");
    }

    return vt_finish(status, image, out, fault);
}

int vt_forget_pages(vt_image *in, vt_image **out, vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_copy(vt_in(in), &image, NULL);

    for (size_t i = 0; !status && i < G_N_ELEMENTS(animation_fields); i++)
        vips_image_remove(image, animation_fields[i]);

    return vt_finish(status, image, out, fault);
}

const void *vt_xmp(const vt_image *image, size_t *count)
{
    const void *bytes = NULL;

    if (vips_image_get_typeof(vt_in(image), VIPS_META_XMP_NAME) == 0 ||
        vips_image_get_blob(vt_in(image), VIPS_META_XMP_NAME, &bytes, count)) {
        vips_error_clear();
        return NULL;
    }

    return bytes;
}

// libvips shows a text field as "text (text, ASCII, 5 components, 5 bytes)", the final zero counted.
const char *vt_exif_text(const vt_image *image, int artist, size_t *count)
{
    const char *shown = NULL, *kind;

    if (vips_image_get_typeof(vt_in(image), copyright_fields[artist != 0]) == 0 ||
        vips_image_get_string(vt_in(image), copyright_fields[artist != 0], &shown)) {
        vips_error_clear();
        return NULL;
    }
    if (!(kind = g_strrstr(shown, ", ASCII, "))) return NULL;
    long components = strtol(kind + strlen(", ASCII, "), NULL, 10);
    if (components < 2 || (size_t) components > strlen(shown)) return NULL;
    *count = strnlen(shown, (size_t) components - 1);

    return shown;
}

static int set_block(vt_image *in, const char *name, const void *bytes, size_t count, vt_image **out,
                     vt_fault *fault)
{
    VipsImage *image = NULL;
    int status = vips_copy(vt_in(in), &image, NULL);

    if (!status) vips_image_set_blob_copy(image, name, bytes, count);

    return vt_finish(status, image, out, fault);
}

int vt_set_exif(vt_image *in, const void *bytes, size_t count, vt_image **out, vt_fault *fault)
{
    return set_block(in, VIPS_META_EXIF_NAME, bytes, count, out, fault);
}

int vt_set_xmp(vt_image *in, const void *bytes, size_t count, vt_image **out, vt_fault *fault)
{
    return set_block(in, VIPS_META_XMP_NAME, bytes, count, out, fault);
}
