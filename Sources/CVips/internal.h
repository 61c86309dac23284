// Shared by the files of the shim; never included from outside.
#ifndef VITRINE_CVIPS_INTERNAL_H
#define VITRINE_CVIPS_INTERNAL_H

#include <vips/vips.h>

#include "cvips.h"

static inline VipsImage *vt_in(const vt_image *image) { return (VipsImage *) image; }

/// Copies libvips's error text into `fault`, clears the text and returns -1.
int vt_fail(vt_fault *fault);

/// Ends a step: hands `image` out on success, drops it on failure.
int vt_finish(int status, VipsImage *image, vt_image **out, vt_fault *fault);

#endif
