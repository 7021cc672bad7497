"""Writes resnets.json beside it: samples of every architecture's features by PyTorch and torchvision, with drawn weights (drawn.py).

usage: resnets.py [NAME ...]   (default: all; those not named stay as they are)
Of each: two pictures at inference and in training, the running mean of the last batch norm after it, and for torchvision's own
networks features at an odd size. 'parameters' counts what is trained.
"""
import copy
import json
import pathlib
import sys

import torch
from drawn import drawn, drawn_weight
from networks import NETWORKS

target = pathlib.Path(__file__).with_suffix(".json")
SAMPLES = 32


def pictures(height, width):
    x = drawn("pictures", (2, height, width, 3), -2, 2)
    return torch.from_numpy(x).permute(0, 3, 1, 2).contiguous()


def sample(x):
    """Every k-th value, and the norm of all."""
    flat = x.detach().flatten()
    values = flat[:: flat.numel() // SAMPLES][:SAMPLES].tolist()
    return {"norm": float(f"{flat.double().norm():.8g}"), "values": [float(f"{v:.7g}") for v in values]}


def training(network, height):
    """In float64, and how far float32 is from it: batch statistics of few values make a deep network sensitive."""
    network.train()
    before = copy.deepcopy(network.state_dict())
    narrow = network(pictures(height, height))
    network.load_state_dict(before)
    wide = network.double()(pictures(height, height).double())
    last = [name for name in network.state_dict() if name.endswith("running_mean")][-1]
    return {
        "noise": float(f"{((narrow - wide).abs().max() / wide.abs().max()):.1g}"),
        "training": sample(wide),
        "moved": {"name": last, **sample(network.state_dict()[last])},
    }


def golden(make, height):
    network = make()
    state = network.state_dict()
    for name, value in state.items():
        if "num_batches" not in name:
            value.copy_(torch.from_numpy(drawn_weight(name, tuple(value.shape))))
    parameters = sum(p.numel() for p in network.parameters())
    result = {"size": height, "parameters": parameters}
    with torch.no_grad():
        network.eval()
        result["inference"] = sample(network(pictures(height, height)))
        if height == 224 and not isinstance(network.avgpool, torch.nn.AvgPool2d):
            result["odd"] = sample(network(pictures(75, 61)))
        result |= training(network, height)
    return result


torch.manual_seed(0)
found = json.loads(target.read_text()) if target.exists() else {}
for name in sys.argv[1:] or NETWORKS:
    found[name] = golden(*NETWORKS[name])
    print(name, found[name]["parameters"], found[name]["inference"]["norm"], found[name]["noise"])
lines = [f"{json.dumps(name)}: {json.dumps(found[name])}" for name in NETWORKS if name in found]
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
