"""Small pictures of every kind that is read, and what PIL's convert('RGB') makes of each file of a folder.

    python3 odd_pictures.py                    writes odd_pictures_bases.json: {name: file in base64}
    node ../write-odd-pictures.ts FOLDER       writes what odd-pictures.ts derives of them
    python3 odd_pictures.py FOLDER [RESULT]    writes odd_pictures.json, or RESULT: {name: "HxW " and the first 16 digits of
                                               the SHA-256 of the RGB bytes, or "refused"}
"""
import base64
import hashlib
import io
import json
import random
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent


def picture(height, width):
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([x * 255 // width, y * 255 // height, (x * 37 + y * 11) % 256], -1).astype(np.uint8))


photo, small = picture(28, 43), picture(9, 13)
WIDTH, HEIGHT = small.size
grey = small.convert("L")
veil = Image.fromarray((np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) * 7 % 256).astype(np.uint8))
rgba, la = small.copy(), grey.copy()
rgba.putalpha(veil)
la.putalpha(veil)
numbered = small.quantize(16)
noise = random.Random(1)


def drawn(count):
    return bytes(noise.randrange(256) for _ in range(count))


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(depth, colour, channels, before=b"", interlaced=False):
    """Noise of any depth, which PIL cannot write."""

    def rows(width, height):
        return b"".join(b"\0" + drawn((width * channels * depth + 7) // 8) for _ in range(height if width else 0))

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    sizes = [(-((x - WIDTH) // dx), -((y - HEIGHT) // dy)) for x, y, dx, dy in passes] if interlaced else [(WIDTH, HEIGHT)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(b"".join(rows(w, h) for w, h in sizes))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bmp(bits, pixels, *, palette=b"", packing=0, masks=b"", header=40, height=HEIGHT, colours=0):
    """A bitmap of parts; `header` 12 is OS/2's."""
    start = 14 + header + len(palette) + (len(masks) if header == 40 else 0)
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, WIDTH, height, 1, bits, packing, len(pixels), 0, 0, colours, 0)
        info += masks if header == 40 else masks.ljust(header - 40, b"\0")
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + palette + pixels


def lines(bits, height=HEIGHT):
    return drawn((WIDTH * bits + 31) // 32 * 4 * height)


def rle8():
    rows = []
    for y in range(HEIGHT):
        rows.append(bytes([5, y, 0, 4, 9, 8, 7, 6, 0, 3, 1, 2, 3, 0, 1, 200, 0, 0]))
    return b"".join(rows) + b"\0\1"


def rle4():
    rows = [bytes([6, 0x12, 0, 5, 0x34, 0x56, 0x70, 0, 2, 0x9A, 0, 0]) for _ in range(HEIGHT - 2)]
    return b"".join(rows) + bytes([3, 0x21, 0, 2, 2, 1, 8, 0xBC, 0, 0]) + b"\0\1"


def masks(*values):
    return struct.pack(f"<{len(values)}I", *values)


def pnm(magic, most, data):
    return f"{magic}\n# made\n{WIDTH} {HEIGHT}\n{most}\n".encode() + data


def plain(count, most):
    return " ".join(str(noise.randrange(most + 1)) for _ in range(count)).encode() + b"\n"


PIXELS = WIDTH * HEIGHT
BASES = {
    "444.jpg": saved(photo, "JPEG", subsampling=0, quality=60),
    "422.jpg": saved(photo, "JPEG", subsampling=1, quality=60),
    "420.jpg": saved(photo, "JPEG", subsampling=2, quality=60),
    "progressive.jpg": saved(photo, "JPEG", progressive=True, quality=60),
    "optimised.jpg": saved(photo, "JPEG", optimize=True, quality=60),
    "restarts.jpg": saved(photo, "JPEG", restart_marker_blocks=2, quality=60),
    "grey.jpg": saved(photo.convert("L"), "JPEG", quality=60),
    "cmyk.jpg": saved(photo.convert("CMYK"), "JPEG", quality=60),
    "rgb.jpg": saved(photo, "JPEG", keep_rgb=True, quality=60),
    **{f"grey-{depth}.png": png(depth, 0, 1) for depth in (1, 2, 4, 8)},
    **{f"grey-{depth}-clear.png": png(depth, 0, 1, chunk(b"tRNS", b"\0\1")) for depth in (1, 2, 4, 8)},
    **{f"palette-{depth}.png": png(depth, 3, 1, chunk(b"PLTE", drawn(3 << depth))) for depth in (1, 2, 4, 8)},
    **{
        f"palette-{depth}-clear.png": png(depth, 3, 1, chunk(b"PLTE", drawn(3 << depth)) + chunk(b"tRNS", drawn(1 << depth)))
        for depth in (1, 2, 4, 8)
    },
    **{f"rgb-{depth}.png": png(depth, 2, 3) for depth in (8, 16)},
    "rgb-8-clear.png": png(8, 2, 3, chunk(b"tRNS", drawn(6))),
    **{f"la-{depth}.png": png(depth, 4, 2) for depth in (8, 16)},
    **{f"rgba-{depth}.png": png(depth, 6, 4) for depth in (8, 16)},
    "gamma.png": png(8, 2, 3, chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sBIT", b"\5\5\5")),
    "interlaced-rgb.png": png(8, 2, 3, interlaced=True),
    "interlaced-grey.png": png(1, 0, 1, interlaced=True),
    "interlaced-palette.png": png(4, 3, 1, chunk(b"PLTE", drawn(48)), interlaced=True),
    "animated.png": saved(small, "PNG", save_all=True, append_images=[small.rotate(180)]),
    "filters.png": saved(photo, "PNG"),
    "numbered.gif": saved(numbered, "GIF"),
    "grey.gif": saved(grey, "GIF"),
    "bits.gif": saved(small.convert("1"), "GIF"),
    "clear.gif": saved(numbered, "GIF", transparency=3),
    "interlaced.gif": saved(photo.quantize(200), "GIF", interlace=1),
    "sequential.gif": saved(photo.quantize(200), "GIF", interlace=0),
    "animated.gif": saved(numbered, "GIF", save_all=True, append_images=[numbered.rotate(180)], duration=5, loop=0),
    "commented.gif": saved(numbered, "GIF", comment=b"a comment"),
    "lossy.webp": saved(photo, "WEBP", quality=60),
    "lossy-alpha.webp": saved(rgba, "WEBP", quality=60),
    "lossless.webp": saved(photo, "WEBP", lossless=True),
    "lossless-alpha.webp": saved(rgba, "WEBP", lossless=True, exact=True),
    "animated.webp": saved(small, "WEBP", save_all=True, append_images=[small.rotate(180)]),
    **{
        f"{name}-{packing}.tif": saved(image, "TIFF", compression=None if packing == "raw" else packing)
        for name, image in {"rgb": small, "rgba": rgba, "grey": grey, "palette": numbered, "bits": small.convert("1")}.items()
        for packing in ("raw", "tiff_lzw")
    },
    "cmyk.tif": saved(small.convert("CMYK"), "TIFF"),
    "ycbcr.tif": saved(small.convert("YCbCr"), "TIFF"),
    "jpeg.tif": saved(photo, "TIFF", compression="jpeg"),
    "turned.tif": saved(small, "TIFF", tiffinfo={274: 6}),
    "group4.tif": saved(small.convert("1"), "TIFF", compression="group4"),
    "1.bmp": bmp(1, lines(1), palette=drawn(8)),
    "4.bmp": bmp(4, lines(4), palette=drawn(64)),
    "4-few.bmp": bmp(4, lines(4), palette=drawn(20), colours=5),
    "8.bmp": saved(numbered, "BMP"),
    "8-few.bmp": bmp(8, lines(8), palette=drawn(40), colours=10),
    "grey.bmp": saved(grey, "BMP"),
    "bits.bmp": saved(small.convert("1"), "BMP"),
    "16.bmp": bmp(16, lines(16)),
    "16-565.bmp": bmp(16, lines(16), packing=3, masks=masks(0xF800, 0x7E0, 0x1F)),
    "16-555.bmp": bmp(16, lines(16), packing=3, masks=masks(0x7C00, 0x3E0, 0x1F)),
    "24.bmp": saved(small, "BMP"),
    "24-down.bmp": bmp(24, lines(24), height=-HEIGHT),
    "24-os2.bmp": bmp(24, lines(24), header=12),
    "8-os2.bmp": bmp(8, lines(8), header=12, palette=drawn(768)),
    "32.bmp": bmp(32, lines(32)),
    "32-alpha.bmp": saved(rgba, "BMP"),
    "32-v4.bmp": bmp(32, lines(32), packing=3, header=108, masks=masks(0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    "32-v5-rgba.bmp": bmp(32, lines(32), packing=3, header=124, masks=masks(0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    "32-high.bmp": bmp(32, lines(32), packing=3, masks=masks(0xFF000000, 0xFF0000, 0xFF00)),
    "rle8.bmp": bmp(8, rle8(), packing=1, palette=drawn(1024)),
    "rle4.bmp": bmp(4, rle4(), packing=2, palette=drawn(64)),
    "1.pnm": f"P1\n{WIDTH} {HEIGHT}\n".encode() + bytes(48 + noise.randrange(2) for _ in range(PIXELS)) + b"\n",
    "2.pnm": pnm("P2", 255, plain(PIXELS, 255)),
    "2-few.pnm": pnm("P2", 10, plain(PIXELS, 10)),
    "3.pnm": pnm("P3", 255, plain(PIXELS * 3, 255)),
    "3-wide.pnm": pnm("P3", 1000, plain(PIXELS * 3, 1000)),
    "4.pbm": saved(small.convert("1"), "PPM"),
    "5.pgm": saved(grey, "PPM"),
    "5-few.pgm": pnm("P5", 30, bytes(noise.randrange(31) for _ in range(PIXELS))),
    "6.ppm": saved(small, "PPM"),
    "6-few.ppm": pnm("P6", 100, bytes(noise.randrange(101) for _ in range(PIXELS * 3))),
    "6-wide.ppm": pnm("P6", 65535, drawn(PIXELS * 6)),
}


def digest(path):
    """Of the picture, or "refused": whatever PIL raises."""
    try:
        pixels = np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGB"))
    except Exception:
        return "refused"
    return f"{pixels.shape[0]}x{pixels.shape[1]} {hashlib.sha256(pixels.tobytes()).hexdigest()[:16]}"


def write(path, value):
    Path(path).write_text(json.dumps(value, indent=1) + "\n")


warnings.simplefilter("ignore")
if len(sys.argv) == 1:
    write(HERE / "odd_pictures_bases.json", {name: base64.b64encode(file).decode() for name, file in BASES.items()})
else:
    digests = {path.name: digest(path) for path in sorted(Path(sys.argv[1]).iterdir())}
    write(sys.argv[2] if len(sys.argv) > 2 else HERE / "odd_pictures.json", digests)
