"""Antialiased bilinear resizes of bytes by ATen (torchvision v2 on uint8 tensors), of a picture that any language can make.

Writes resize.json: [{from, to, mirrored, pixels}] with the bytes in base64. Needs an x86 with AVX2, as torchvision's own
choice of the uint8 kernel does.
"""
import base64
import json
from pathlib import Path

import torch
import torchvision
from torchvision.transforms.v2 import functional as F

SIZES = [((40, 53), (16, 16)), ((23, 17), (31, 40)), ((9, 120), (12, 12)), ((33, 20), (33, 13)), ((64, 64), (7, 50))]


def picture(height, width):
    """Channel c of pixel (y, x) = bits 16..23 of the product below."""
    i = torch.arange(height * width * 3, dtype=torch.int64)
    return (((i * 2654435761) % 2**32) // 2**16 % 256).to(torch.uint8).reshape(height, width, 3).permute(2, 0, 1)


cases = []
for start, end in SIZES:
    for mirrored in (False, True):
        resized = F.resize(picture(*start), list(end), antialias=True)
        if mirrored:
            resized = F.horizontal_flip(resized)
        pixels = resized.permute(1, 2, 0).contiguous().numpy().tobytes()
        cases.append({"from": start, "to": end, "mirrored": mirrored, "pixels": base64.b64encode(pixels).decode()})
source = f"torch {torch.__version__}, torchvision {torchvision.__version__}"
Path(__file__).with_suffix(".json").write_text(json.dumps({"source": source, "cases": cases}, indent=1) + "\n")
