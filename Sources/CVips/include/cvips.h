// The part of libvips that Vitrine uses, with a fixed number of arguments and plain C types.
//
// Rules that hold for every function here:
//  * `int` results are 0 for success; otherwise `fault` holds libvips's words and libvips's own, process-wide error
//    buffer has been cleared.
//  * `out` receives a new reference that the caller gives back with vt_release(); it is untouched on failure.
//  * Images are lazy: most faults of a damaged source show when pixels are asked for (vt_materialise, vt_save,
//    vt_pixels).
//  * Memory given to vt_load() must outlive every image made from it.
#ifndef VITRINE_CVIPS_H
#define VITRINE_CVIPS_H

#include <stddef.h>
#include <stdint.h>

typedef struct vt_image vt_image;

typedef struct vt_fault {
    char text[240];
} vt_fault;

// --- start.c

/// Starts libvips once per process: one thread a pipeline, no operation cache, only the loaders of vt_format.
/// `vectors` 0 turns liborc's generated code off.
int vt_start(int vectors, vt_fault *fault);
/// The libvips that was linked at run time, as 10000 * major + 100 * minor + micro.
int vt_version(void);
/// Clears libvips's error buffer, and gives heap pages back to the system where many are held without use.
void vt_end_job(void);
/// Gives all unused heap pages back to the system.
void vt_trim_heap(void);
/// Bytes of pixels that libvips holds now.
size_t vt_held_bytes(void);
/// libvips's objects (images, operations, buffers) that are alive now.
int vt_live_objects(void);
/// CPU time of all of the process's threads, in microseconds.
int64_t vt_cpu_microseconds(void);
/// One more reference to the same image.
vt_image *vt_retain(vt_image *image);
void vt_release(vt_image *image);
/// Frees what vt_save and vt_blob hand out.
void vt_free(void *bytes);

// --- load.c

typedef enum vt_format {
    VT_FORMAT_JPEG,
    VT_FORMAT_PNG,
    VT_FORMAT_WEBP,
    VT_FORMAT_AVIF,
    VT_FORMAT_JXL,
    VT_FORMAT_GIF,
    VT_FORMAT_HEIC,
    VT_FORMAT_TIFF,
    VT_FORMAT_SVG,
} vt_format;

typedef struct vt_load_options {
    /// First page or frame, 0-based, and how many; only formats with pages look at them.
    int page;
    int pages;
    /// JPEG: 1, 2, 4 or 8.
    int shrink;
    /// WebP and SVG: size factor, > 0.
    double scale;
    /// HEIC and AVIF: the embedded thumbnail, where there is one.
    int thumbnail;
    /// Pixels are read once, top to bottom.
    int sequential;
} vt_load_options;

typedef struct vt_header {
    int width;
    /// All loaded frames stacked.
    int height;
    /// One frame.
    int page_height;
    /// Pages or frames in the file, ≥ 1.
    int pages;
    int bands;
    int has_alpha;
    /// EXIF orientation, 1…8.
    int orientation;
    /// More than 8 bits a channel.
    int is_deep;
    int is_cmyk;
    int is_grey;
    int has_profile;
    /// The file says how long frames are shown.
    int is_animated;
} vt_header;

int vt_load(const void *bytes, size_t count, vt_format format, const vt_load_options *options, vt_image **out,
            vt_fault *fault);
/// 8-bit sRGB pixels, 3 or 4 bands without gaps, copied.
int vt_from_pixels(const void *pixels, int width, int height, int bands, vt_image **out, vt_fault *fault);
void vt_read_header(const vt_image *image, vt_header *header);
/// Milliseconds a frame is shown, and how often the animation plays (0 is for ever); `delays` has room for `count`.
void vt_read_animation(const vt_image *image, int *delays, int count, int *loop);

// --- geometry.c

int vt_materialise(vt_image *in, vt_image **out, vt_fault *fault);
int vt_extract(vt_image *in, int left, int top, int width, int height, vt_image **out, vt_fault *fault);
/// Lanczos 3, alpha premultiplied; the result has exactly this size. The true size is what the image's size was before
/// its decoder rounded it, else the size itself.
int vt_resize(vt_image *in, int width, int height, double true_width, double true_height, vt_image **out,
              vt_fault *fault);
/// Adds an opaque alpha channel where there is none.
int vt_add_alpha(vt_image *in, vt_image **out, vt_fault *fault);
/// Quarter turns clockwise (0…3); the image must be materialised for any but 0.
int vt_turn(vt_image *in, int quarters, vt_image **out, vt_fault *fault);
int vt_flip(vt_image *in, int vertical, vt_image **out, vt_fault *fault);
/// Any angle, clockwise, in degrees; the corners are transparent.
int vt_rotate(vt_image *in, double degrees, vt_image **out, vt_fault *fault);
/// The part of this size that draws the eye; the image must be materialised.
int vt_smart_crop(vt_image *in, int width, int height, vt_image **out, vt_fault *fault);
/// The box left without its border. A `color` of -1 takes the top left pixel's, else 0xRRGGBB. The box may be empty.
int vt_find_trim(vt_image *in, double threshold, int color, int *left, int *top, int *width, int *height,
                 vt_fault *fault);
/// Puts the image on a larger canvas, transparent when `color` is -1 (alpha is added), else 0xRRGGBB.
int vt_embed(vt_image *in, int left, int top, int width, int height, int color, vt_image **out, vt_fault *fault);
#define VT_COPIES_MAX 3

/// A transparent cell with copies of an image in it, repeated, and the part that is cut out of the repetition.
typedef struct vt_tiling {
    int cell_width, cell_height;
    int copies;
    int copy_x[VT_COPIES_MAX], copy_y[VT_COPIES_MAX];
    int columns, rows;
    int left, top, width, height;
} vt_tiling;

/// `in` must have an alpha channel.
int vt_tile(vt_image *in, const vt_tiling *tiling, vt_image **out, vt_fault *fault);
/// Stacks frames of one size and marks the result as an animation.
int vt_join_frames(vt_image **frames, int count, const int *delays, int loop, vt_image **out, vt_fault *fault);

// --- colour.c

/// 8-bit sRGB (or 8-bit grey for grey pictures); `keep_profile` leaves RGB and grey pictures in their own space with
/// the profile attached.
int vt_to_srgb(vt_image *in, int keep_profile, vt_image **out, vt_fault *fault);
/// Three bands, plus alpha where there was one.
int vt_to_rgb(vt_image *in, vt_image **out, vt_fault *fault);
/// Paints 0xRRGGBB under the image and drops alpha.
int vt_flatten(vt_image *in, int color, vt_image **out, vt_fault *fault);
/// Paints 0xRRGGBB with `opacity` (0…1) under the image and keeps alpha.
int vt_underpaint(vt_image *in, int color, double opacity, vt_image **out, vt_fault *fault);

// --- filters.c

int vt_filter(vt_image *in, double blur, double sharpen, int pixelate, vt_image **out, vt_fault *fault);

// --- compose.c

/// Draws `over` on `base` at left, top; keeps the base's size and its having alpha or not.
int vt_compose(vt_image *base, vt_image *over, int left, int top, double opacity, vt_image **out, vt_fault *fault);
/// Sets plain text (never markup) with Pango; an RGBA image as large as the ink. `width` 0 never wraps.
int vt_text(const char *text, const char *font, int width, int color, vt_image **out, vt_fault *fault);

// --- metadata.c

/// Removes every metadata field but those asked for. Of EXIF only the fields of copyright and artist can be kept, not
/// the block itself: vt_set_exif() adds a new one. Animation fields stay when `keep_animation`.
int vt_strip(vt_image *in, int keep_copyright, int keep_profile, int keep_animation, vt_image **out, vt_fault *fault);
/// Says that the pixels are upright, and drops a thumbnail that no longer fits.
int vt_forget_orientation(vt_image *in, vt_image **out, vt_fault *fault);
/// Drops what says that the image is several pages.
int vt_forget_pages(vt_image *in, vt_image **out, vt_fault *fault);
/// The text of EXIF's copyright (`artist` 0) or artist field, inside the image and `count` bytes long; `NULL` when
/// there is none.
const char *vt_exif_text(const vt_image *image, int artist, size_t *count);
/// Bytes of the XMP packet, inside the image; `NULL` when there is none.
const void *vt_xmp(const vt_image *image, size_t *count);
int vt_set_exif(vt_image *in, const void *bytes, size_t count, vt_image **out, vt_fault *fault);
int vt_set_xmp(vt_image *in, const void *bytes, size_t count, vt_image **out, vt_fault *fault);

// --- save.c

typedef struct vt_save_options {
    /// 1…100 where the format has a quality.
    int quality;
    int effort;
    int progressive;
} vt_save_options;

/// `bytes` is given back with vt_free().
int vt_save(vt_image *in, vt_format format, const vt_save_options *options, void **bytes, size_t *count,
            vt_fault *fault);

// --- pixels.c

/// 8-bit sRGB into `pixels`, rows without gaps: three bands, or four (straight alpha) where the image has alpha.
int vt_pixels(vt_image *in, uint8_t *pixels, size_t capacity, vt_fault *fault);

// --- floor.c

/// What a bare program would do: vips_thumbnail_buffer() and a save with default options. `height` 0 follows the ratio;
/// `smart` crops to width × height. For benchmarks only: no limits, no checks.
int vt_floor(const void *bytes, size_t count, int width, int height, int smart, vt_format format, int quality,
             int effort, size_t *encoded, vt_fault *fault);

#endif
