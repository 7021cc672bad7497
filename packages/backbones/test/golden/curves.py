"""Writes curves.json beside it: the losses of 50 steps of training by PyTorch, from drawn weights (drawn.py) on drawn pictures.

usage: curves.py [NAME ...]   (default: all; those not named stay as they are)
Four batches in turn, SGD with momentum 0.9 and L2 decay, a linear head, cross-entropy. The losses are float64's. 'noise' is how
far PyTorch's own float32 has been from them until then, relative to the loss: what one step rounds, the next amplifies. The rates
are low enough that it stays below 1e-2; without decay, ResNet-32's losses differ by 2e-2.
"""
import json
import pathlib
import sys

import timm
import torch
import torch.nn.functional as F
from drawn import drawn, drawn_weight
from networks import Cifar, Official
from torchvision.models.resnet import BasicBlock, Bottleneck

target = pathlib.Path(__file__).with_suffix(".json")
STEPS, BATCHES, CLASSES = 50, 4, 10
MOMENTUM, DECAY = 0.9, 0.05


def narrow():
    return Official(Bottleneck, [1, 1, 1, 1], groups=8, width_per_group=4)


def transformer():
    sizes = {"img_size": 32, "patch_size": 8, "embed_dim": 48, "depth": 4, "num_heads": 3}
    return timm.create_model("vit_small_patch16_224", num_classes=0, **sizes)


#: name: (how to make it, the height of its pictures, pictures a batch, learning rate)
NETWORKS = {
    "tiny": (lambda: Cifar([1, 1, 1]), 16, 8, 0.003),
    "resnet-32": (lambda: Cifar([5, 5, 5]), 32, 16, 0.001),
    "resnet-10": (lambda: Official(BasicBlock, [1, 1, 1, 1]), 224, 4, 0.001),
    "narrow-resnext": (narrow, 64, 8, 0.001),
    "small-vit": (transformer, 32, 8, 0.001),
}


def begun(make, dtype):
    network = make()
    if hasattr(network, "avgpool"):
        network.avgpool = torch.nn.AdaptiveAvgPool2d(1)
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if "num_batches" not in name:
                value.copy_(torch.from_numpy(drawn_weight(name, tuple(value.shape))))
    return network.to(dtype)


def curve(make, height, count, rate, dtype):
    network = begun(make, dtype)
    x = torch.from_numpy(drawn("pictures", (BATCHES, count, height, height, 3), -2, 2)).permute(0, 1, 4, 2, 3).to(dtype)
    labels = torch.arange(BATCHES * count).reshape(BATCHES, count) * 7 % CLASSES
    features = network.eval()(x[0, :1]).shape[1]
    network.train()
    weight = torch.from_numpy(drawn_weight("head.weight", (CLASSES, features))).to(dtype).requires_grad_()
    optimizer = torch.optim.SGD([*network.parameters(), weight], rate, MOMENTUM, weight_decay=DECAY)
    losses = []
    for step in range(STEPS):
        at = step % BATCHES
        loss = F.cross_entropy(network(x[at].contiguous()) @ weight.T, labels[at])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64)


def golden(make, height, count, rate):
    wide = curve(make, height, count, rate, torch.float64)
    narrow = curve(make, height, count, rate, torch.float32)
    noise = ((narrow - wide) / wide).abs().cummax(0).values
    return {
        "size": height,
        "batch": count,
        "learningRate": rate,
        "losses": [float(f"{v:.8g}") for v in wide.tolist()],
        "noise": [float(f"{v:.1g}") for v in noise.tolist()],
    }


found = json.loads(target.read_text()) if target.exists() else {}
for name in sys.argv[1:] or NETWORKS:
    found[name] = golden(*NETWORKS[name])
    print(name, found[name]["losses"][0], found[name]["losses"][-1], found[name]["noise"][-1], flush=True)
    lines = [f"{json.dumps(name)}: {json.dumps(found[name])}" for name in NETWORKS if name in found]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
