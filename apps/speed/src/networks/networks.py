"""A training step, or inference, of a network in eager PyTorch: the yardstick of own-network.ts; see turns/serve.py.

usage: networks.py NETWORK step|inference BATCH channels_last|contiguous   (torch, torchvision and timm)
"""
import sys

import torch
import torch.nn.functional as F
from serve import answer, milliseconds, peak_of_process
from torch import nn


def made(network):
    """What a network is made of is imported for it alone."""
    if network.startswith("cifar"):
        from cifar_resnet import ResNet32

        return ResNet32()
    if network.startswith("vit"):
        import timm

        return timm.create_model("vit_base_patch16_224", num_classes=classes)
    import torchvision

    names = {"resnet-50": "resnet50", "resnext-50": "resnext50_32x4d", "resnet-152": "resnet152"}
    return torchvision.models.get_model(names[network])


network, what, batch, layout = sys.argv[1:]
torch.manual_seed(0)
size, classes = (32, 10) if network.startswith("cifar") else (224, 1000)
model = made(network)
memory_format = getattr(torch, layout + ("" if layout == "channels_last" else "_format"))
model = model.to(memory_format=memory_format)
images = torch.randn(int(batch), 3, size, size).to(memory_format=memory_format)
labels = torch.arange(int(batch)) % classes
if network.startswith("vit"):
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.05, fused=True)
else:
    optimizer = torch.optim.SGD(model.parameters(), 1e-3, 0.9, weight_decay=2e-4, fused=True)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    loss.item()


def inference():
    with torch.inference_mode():
        model(images)


if what == "inference":
    model.eval()
    for name in ("fc", "linear", "head"):
        if hasattr(model, name):
            setattr(model, name, nn.Identity())
run = step if what == "step" else inference
answer(lambda _: milliseconds(run), lambda: [peak_of_process()])
