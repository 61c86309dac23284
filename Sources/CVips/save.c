#include "internal.h"

// Without metadata libvips would still write a small EXIF block of its own into a JPEG; "strip" leaves it out. The
// profile and anything that is to be kept forbid it, since "strip" takes those as well.
static int is_bare(VipsImage *image)
{
    int bare = 1;
    char **names = vips_image_get_fields(image);

    for (char **name = names; name && *name; name++)
        if (vips_isprefix("exif-", *name) || vips_isprefix("icc-", *name) || vips_isprefix("xmp-", *name) ||
            vips_isprefix("iptc-", *name))
            bare = 0;
    g_strfreev(names);

    return bare;
}

int vt_save(vt_image *in, vt_format format, const vt_save_options *options, void **bytes, size_t *count,
            vt_fault *fault)
{
    VipsImage *image = vt_in(in);
    int q = options->quality, effort = options->effort, bare = is_bare(image), status = -1;

    switch (format) {
    case VT_FORMAT_JPEG:
        status = vips_jpegsave_buffer(image, bytes, count, "Q", q, "optimize_coding", TRUE, "interlace",
                                      options->progressive, "strip", bare, NULL);
        break;
    case VT_FORMAT_PNG:
        status = vips_pngsave_buffer(image, bytes, count, "filter", VIPS_FOREIGN_PNG_FILTER_ALL, "strip", bare, NULL);
        break;
    case VT_FORMAT_WEBP:
        status = vips_webpsave_buffer(image, bytes, count, "Q", q, "effort", effort, "strip", bare, NULL);
        break;
    case VT_FORMAT_AVIF:
        status = vips_heifsave_buffer(image, bytes, count, "Q", q, "effort", effort, "compression",
                                      VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "strip", bare, NULL);
        break;
    case VT_FORMAT_HEIC:
        status = vips_heifsave_buffer(image, bytes, count, "Q", q, "effort", effort, "compression",
                                      VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, "strip", bare, NULL);
        break;
    case VT_FORMAT_JXL:
        status = vips_jxlsave_buffer(image, bytes, count, "Q", q, "effort", VIPS_MAX(3, effort), "strip", bare, NULL);
        break;
    case VT_FORMAT_GIF:
        status = vips_gifsave_buffer(image, bytes, count, NULL);
        break;
    case VT_FORMAT_TIFF:
        status = vips_tiffsave_buffer(image, bytes, count, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, NULL);
        break;
    case VT_FORMAT_SVG:
        vips_error("vt_save", "%s", "SVG is not written");
        break;
    }

    return status ? vt_fail(fault) : 0;
}
