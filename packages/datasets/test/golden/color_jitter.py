"""Colour changes of bytes by torchvision v2 on uint8 tensors, of the picture of resize.py.

Writes color_jitter.json: [{change, factor, pixels}] with the bytes in base64.
"""
import base64
import json
from pathlib import Path

import torch
import torchvision
from torchvision.transforms.v2 import functional as F

FACTORS = [0.0, 0.6, 0.8137, 1.0, 1.1713, 1.4]
HEIGHT, WIDTH = 23, 31

i = torch.arange(HEIGHT * WIDTH * 3, dtype=torch.int64)
picture = (((i * 2654435761) % 2**32) // 2**16 % 256).to(torch.uint8).reshape(HEIGHT, WIDTH, 3).permute(2, 0, 1)
cases = []
TURNS = [-0.5, -0.21, 0.0, 0.1, 0.34, 0.5]
for change in ("brightness", "contrast", "saturation", "hue"):
    for factor in TURNS if change == "hue" else FACTORS:
        changed = getattr(F, f"adjust_{change}")(picture.contiguous(), factor)
        pixels = changed.permute(1, 2, 0).contiguous().numpy().tobytes()
        cases.append({"change": change, "factor": factor, "pixels": base64.b64encode(pixels).decode()})
source = f"torch {torch.__version__}, torchvision {torchvision.__version__}"
shape = [HEIGHT, WIDTH, 3]
Path(__file__).with_suffix(".json").write_text(json.dumps({"source": source, "shape": shape, "cases": cases}, indent=1) + "\n")
