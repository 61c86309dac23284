"""Prints the lines of HashVectors.swift; see README.md."""

import importlib.util

import blurhash
import numpy

spec = importlib.util.find_spec("thumbhash")
text = open(spec.origin).read().replace(
    "encode_channel(a, 5, 5) if has_alpha else 1.0, [], 1.0",
    "encode_channel(a, 5, 5) if has_alpha else (1.0, [], 1.0)",
)
thumbhash = {}
exec(compile(text.split("def image_to_thumb_hash")[0], spec.origin, "exec"), thumbhash)


def pixel(kind, x, y, w, h):
    if kind == "gradient":
        return (x * 255 // max(1, w - 1), y * 255 // max(1, h - 1), (x + y) * 255 // max(1, w + h - 2), 255)
    if kind == "checks":
        return (230, 40, 90, 255) if (x // 4 + y // 4) % 2 else (20, 160, 220, 255)
    if kind == "flat":
        return (200, 100, 50, 255)
    if kind == "scatter":
        return ((x * 83 + y * 151) % 256, (x * 29 + y * y * 7) % 256, (x * x * 3 + y * 11) % 256, 255)
    if kind == "disc":
        inside = (2 * x - w) ** 2 + (2 * y - h) ** 2 < min(w, h) ** 2 // 2
        return (250, 180, 30, 255) if inside else (10, 20, 30, x * 255 // max(1, w - 1) // 3)
    raise ValueError(kind)


def picture(kind, w, h):
    return [[pixel(kind, x, y, w, h) for x in range(w)] for y in range(h)]


def luma(rows):
    a = numpy.array(rows, dtype=numpy.int64)
    return (77 * a[..., 0] + 150 * a[..., 1] + 29 * a[..., 2] + 128) >> 8


def ssim(one, two):
    x, y = luma(one).astype(float), luma(two).astype(float)
    height, width = x.shape
    pad = ((0, max(8, -(-height // 4) * 4) - height), (0, max(8, -(-width // 4) * 4) - width))
    x, y = numpy.pad(x, pad, mode="edge"), numpy.pad(y, pad, mode="edge")
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = []
    for top in range(0, x.shape[0] - 7, 4):
        for left in range(0, x.shape[1] - 7, 4):
            p, q = x[top : top + 8, left : left + 8], y[top : top + 8, left : left + 8]
            mp, mq = p.mean(), q.mean()
            covariance = ((p - mp) * (q - mq)).mean()
            values.append(
                (2 * mp * mq + c1) * (2 * covariance + c2) / ((mp**2 + mq**2 + c1) * (p.var() + q.var() + c2))
            )
    return float(numpy.mean(values))


print("    static let blurHashes: [Blur] = [")
for kind, w, h, cx, cy in [
    ("gradient", 32, 24, 4, 3), ("gradient", 7, 5, 9, 9), ("checks", 32, 32, 4, 4), ("flat", 16, 16, 4, 3),
    ("flat", 1, 1, 1, 1), ("scatter", 20, 30, 3, 4), ("scatter", 33, 17, 9, 1), ("scatter", 17, 33, 1, 9),
    ("disc", 24, 24, 5, 5),
]:
    text = blurhash.encode(picture(kind, w, h), cx, cy)
    print(f'        Blur(.{kind}, {w}, {h}, components: ({cx}, {cy}), "{text}"),')
print("    ]\n\n    static let thumbHashes: [Thumb] = [")
for kind, w, h in [
    ("gradient", 32, 24), ("gradient", 24, 32), ("checks", 32, 32), ("flat", 16, 16), ("flat", 1, 1),
    ("scatter", 100, 75), ("scatter", 20, 100), ("scatter", 100, 9), ("disc", 48, 48), ("disc", 60, 36),
]:
    flat = [value for row in picture(kind, w, h) for color in row for value in color]
    data = bytes(thumbhash["rgba_to_thumb_hash"](w, h, flat))
    print(f'        Thumb(.{kind}, {w}, {h}, "{data.hex()}"),')
print("    ]\n\n    static let similarities: [Likeness] = [")
for one, two, w, h in [
    ("gradient", "gradient", 40, 32), ("gradient", "scatter", 40, 32), ("gradient", "checks", 37, 29),
    ("flat", "gradient", 64, 64), ("scatter", "checks", 3, 5), ("flat", "checks", 9, 100),
]:
    value = ssim(picture(one, w, h), picture(two, w, h))
    print(f"        Likeness(.{one}, .{two}, {w}, {h}, {value:.12f}),")
print("    ]")
