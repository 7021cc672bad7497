"""Writes hugging_face.json beside it: names, shapes and pooled features of a small ResNet of transformers, weights drawn by its own
names. Checks, too, that timm names its ResNets as torchvision does.
"""
import json
import pathlib

import timm
import torch
import torchvision
from drawn import drawn, drawn_weight
from transformers import ResNetConfig, ResNetForImageClassification

for name, theirs in (("resnet18", "resnet18"), ("resnet50", "resnet50"), ("resnext50_32x4d", "resnext50_32x4d")):
    assert timm.create_model(theirs).state_dict().keys() == torchvision.models.get_model(name).state_dict().keys(), name

result = {}
for block, depths in (("bottleneck", [2, 1]), ("basic", [1, 2])):
    config = ResNetConfig(embedding_size=8, hidden_sizes=[32, 64] if block == "bottleneck" else [8, 16], depths=depths, layer_type=block, num_labels=3)
    network = ResNetForImageClassification(config).eval()
    state = {name: value for name, value in network.state_dict().items() if "num_batches" not in name}
    for name, value in state.items():
        value.copy_(torch.from_numpy(drawn_weight(name, tuple(value.shape))))
    x = torch.from_numpy(drawn("pictures", (2, 40, 33, 3), -2, 2)).permute(0, 3, 1, 2)
    with torch.no_grad():
        features = network.resnet(x).pooler_output.flatten(1)
    shapes = {name: list(value.shape) for name, value in state.items()}
    result[block] = {"depths": depths, "shapes": shapes, "features": [float(f"{v:.7g}") for v in features.flatten()]}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
