"""Writes resnet32_features.json beside it: features and joint logits of a published CIFAR-10-LT ResNet-32, by PyTorch.

usage: resnet32_features.py FOLDER_WITH_imbalanced-DL_cifar10_exp_0.01_ERM.safetensors
The two input pictures are sin(i) over the NHWC index i, so that no file has to carry them.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

raw = (pathlib.Path(sys.argv[1]) / "imbalanced-DL_cifar10_exp_0.01_ERM.safetensors").read_bytes()
length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8 : 8 + length])


def weight(name):
    entry = header[name]
    start, end = (8 + length + offset for offset in entry["data_offsets"])
    return torch.from_numpy(np.frombuffer(raw[start:end], np.float32).reshape(entry["shape"]).copy())


def norm(x, name):
    get = lambda key: weight(f"backbone.{name}.{key}")
    return F.batch_norm(x, get("running_mean"), get("running_var"), get("weight"), get("bias"), False, 0.0, 1e-5)


x = torch.sin(torch.arange(2 * 32 * 32 * 3, dtype=torch.float64)).float().reshape(2, 32, 32, 3).permute(0, 3, 1, 2)
x = F.relu(norm(F.conv2d(x, weight("backbone.conv1.weight"), padding=1), "bn1"))
for stage in (1, 2, 3):
    for block in range(5):
        name, stride = f"layer{stage}.{block}", 2 if stage > 1 and block == 0 else 1
        y = F.relu(norm(F.conv2d(x, weight(f"backbone.{name}.conv1.weight"), stride=stride, padding=1), f"{name}.bn1"))
        y = norm(F.conv2d(y, weight(f"backbone.{name}.conv2.weight"), padding=1), f"{name}.bn2")
        if stride == 2:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, y.shape[1] // 4, y.shape[1] // 4))
        x = F.relu(y + x)
features = x.mean((2, 3))
logits = features @ weight("classifier.weight").T
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps({"features": features.tolist(), "logits": logits.tolist()}) + "\n")
