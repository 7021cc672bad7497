"""Small files of every format that is read, and what PIL's convert('RGB') makes of them.

Writes formats.json: {name: {file, sha256, upright}}, the file in base64, the hash of height x width x 3 bytes, and the same after
exif_transpose.
"""
import base64
import hashlib
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HEIGHT, WIDTH = 37, 53
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
pixels = np.stack([x * 255 // WIDTH, y * 255 // HEIGHT, (x * 5 + y * 3) % 256], -1).astype(np.uint8)
picture = Image.fromarray(pixels)
veil = picture.copy()
veil.putalpha(Image.fromarray(pixels[..., 0]))


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return picture, {"exif": exif}


FILES = {
    "4:4:4.jpg": (picture, {"subsampling": 0}),
    "4:2:2.jpg": (picture, {"subsampling": 1}),
    "4:2:0.jpg": (picture, {"subsampling": 2}),
    "progressive.jpg": (picture, {"progressive": True}),
    "grey.jpg": (picture.convert("L"), {}),
    "cmyk.jpg": (picture.convert("CMYK"), {}),
    "rgb.jpg": (picture, {"keep_rgb": True}),
    **{f"orientation-{i}.jpg": turned(i) for i in range(1, 9)},
    "orientation-6.png": turned(6),
    "rgb.png": (picture, {}),
    "grey.png": (picture.convert("L"), {}),
    "palette.png": (picture.convert("P"), {}),
    "alpha.png": (veil, {}),
    "lossless.webp": (veil, {"lossless": True}),
    "lossy.webp": (picture, {"quality": 80}),
    "first-of-two.gif": (picture, {"save_all": True, "append_images": [picture.rotate(90)]}),
}
golden = {}
for name, (image, options) in FILES.items():
    file = io.BytesIO()
    kind = {"jpg": "JPEG"}.get(name.split(".")[-1], name.split(".")[-1].upper())
    image.save(file, kind, **options)
    decoded = np.asarray(Image.open(file).convert("RGB"))
    golden[name] = {
        "file": base64.b64encode(file.getvalue()).decode(),
        "sha256": hashlib.sha256(decoded.tobytes()).hexdigest(),
        "upright": hashlib.sha256(np.asarray(ImageOps.exif_transpose(Image.open(file)).convert("RGB")).tobytes()).hexdigest(),
    }
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
