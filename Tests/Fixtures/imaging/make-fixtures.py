"""Makes the pictures of this folder: `python3 make-fixtures.py` in an empty folder, with libvips-tools and Pillow.

All show four quadrants of sRGB (200, 60, 40), (60, 170, 80), (50, 80, 190), (230, 200, 60), 96 x 64 pixels, except
cmyk-profile.jpg, which shows cyan, magenta and yellow ink under a profile that says they print red, green and blue.
"""

import io
import itertools
import struct
import subprocess

from PIL import Image

QUADRANTS = [(200, 60, 40), (60, 170, 80), (50, 80, 190), (230, 200, 60)]


def quadrants():
    image = Image.new("RGB", (96, 64))
    for y in range(64):
        for x in range(96):
            image.putpixel((x, y), QUADRANTS[2 * (y >= 32) + (x >= 48)])
    return image


def lab(red, green, blue):
    """sRGB in 0...1 to CIE L*a*b*, D50, in the 8 bits of an ICC lut8."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    rows = [(0.4360, 0.3851, 0.1431), (0.2225, 0.7169, 0.0606), (0.0139, 0.0971, 0.7139)]
    xyz = [sum(m * c for m, c in zip(row, linear)) / white for row, white in zip(rows, (0.9642, 1.0, 0.8249))]
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz]
    l, a, b = 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])
    return [max(0, min(255, round(v))) for v in (l * 2.55, a + 128, b + 128)]


def odd_ink_profile():
    """An ICC v2 input profile of CMYK whose first inks print red, green and blue."""
    table = []
    for c, m, y, k in itertools.product((0, 1), repeat=4):
        red, green, blue = (1 - m) * (1 - y), (1 - c) * (1 - y), (1 - c) * (1 - m)
        table += lab(red * (1 - k), green * (1 - k), blue * (1 - k))
    ramp = bytes(range(256))
    identity = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramp * 4 + bytes(table) + ramp * 3
    name = b"odd inks\0"
    desc = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    text = b"text\0\0\0\0CC0\0"
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags, data, offset = [], b"", 128 + 4 + 12 * 4
    for signature, body in ((b"desc", desc), (b"cprt", text), (b"wtpt", white), (b"A2B0", lut)):
        tags.append(signature + struct.pack(">II", offset + len(data), len(body)))
        data += body + bytes(-len(body) % 4)
    size = offset + len(data)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"prtr", b"CMYK", b"Lab ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    head += bytes(128 - len(head))
    return head + struct.pack(">I", 4) + b"".join(tags) + data


def vips(*words):
    subprocess.run(["vips", *words], check=True)


quadrants().save("srgb.png")
vips("icc_transform", "srgb.png", "display-p3.jpg[Q=95,subsample-mode=off]", "p3", "--input-profile", "srgb")
vips("icc_transform", "srgb.png", "deep-p3.png", "p3", "--input-profile", "srgb", "--depth", "16")
vips("icc_transform", "srgb.png", "cmyk.v", "cmyk", "--input-profile", "srgb")
vips("jpegsave", "cmyk.v", "cmyk-bare.jpg", "--Q", "95", "--strip")
vips("colourspace", "srgb.png", "deep.v", "rgb16")
vips("pngsave", "deep.v", "deep.png", "--bitdepth", "16")
vips("colourspace", "srgb.png", "grey.jpg[Q=90]", "b-w")

inks = Image.new("CMYK", (96, 32))
for y in range(32):
    for x in range(96):
        inks.putpixel((x, y), tuple(255 * (x // 32 == ink) for ink in range(4)))
stored = io.BytesIO()
inks.save(stored, "JPEG", quality=95, subsampling=0, icc_profile=odd_ink_profile())
open("cmyk-profile.jpg", "wb").write(stored.getvalue())
