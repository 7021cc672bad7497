"""Writes vit_checkpoints.json: features and classes by timm and transformers, from drawn weights (backbones/test/golden/drawn.py) of a
ViT-S/16 with a classifier, of drawn pictures of 64 x 64.

  timm          a file for pictures of 224, its positions resized as timm does
  transformers  a file for pictures of 64, by the names of ViTForImageClassification
"""
import json
import pathlib
import sys
import tempfile

import numpy as np
import timm
import torch
import transformers
from safetensors.torch import load_file, save_file
from timm.layers import resample_abs_pos_embed

here = pathlib.Path(__file__)
sys.path.append(str(here.parents[4] / "packages/backbones/test/golden"))
from drawn import drawn, drawn_weight  # noqa: E402

PICTURES, SIDE, CLASSES, EVERY = 6, 64, 3, 32
MEAN, STD = ([[[m]] for m in ms] for ms in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))


def weights(shapes):
    """Positions as large as what they are added to."""
    of = lambda name, shape: drawn(name, shape, -1, 1) if "position" in name or "pos_embed" in name else drawn_weight(name, shape)
    return {name: torch.from_numpy(of(name, tuple(shape))) for name, shape in shapes.items()}


def answers(features, classifier, shapes):
    """The bias is chosen so that no class is every picture's."""
    logits = features @ classifier.weight.T
    bias = torch.tensor([float(f"{v:.6g}") for v in (-logits.mean(0)).tolist()])
    logits += bias
    print((logits.topk(2).values @ torch.tensor([1.0, -1.0])).tolist(), logits.argmax(1).tolist())
    sampled = [[float(f"{v:.7g}") for v in row[::EVERY].tolist()] for row in features]
    return {"shapes": shapes, "bias": bias.tolist(), "features": sampled, "classes": logits.argmax(1).tolist()}


#: Each brighter than the one before, and more so in its own colour.
pixels = np.stack([drawn(f"picture {i}", (SIDE, SIDE, 3), 0, 40 * (i + 1)) for i in range(PICTURES)])
pixels[range(PICTURES), ..., [i % 3 for i in range(PICTURES)]] *= 0.25
pixels = torch.from_numpy(pixels.astype("uint8"))
x = (pixels.permute(0, 3, 1, 2) / 255 - torch.tensor(MEAN)) / torch.tensor(STD)


def of_timm():
    model = timm.create_model("vit_small_patch16_224", img_size=SIDE, num_classes=CLASSES).eval()
    shapes = {name: list(value.shape) for name, value in model.state_dict().items()} | {"pos_embed": [1, 197, 384]}
    state = weights(shapes)
    state["pos_embed"] = resample_abs_pos_embed(state["pos_embed"], [SIDE // 16] * 2)
    model.load_state_dict(state)
    return answers(model.forward_head(model.forward_features(x), pre_logits=True), model.head, shapes)


def of_transformers():
    sizes = {"hidden_size": 384, "num_attention_heads": 6, "intermediate_size": 1536, "image_size": SIDE}
    config = transformers.ViTConfig(**sizes, num_labels=CLASSES)
    with tempfile.TemporaryDirectory() as folder:
        transformers.ViTForImageClassification(config).save_pretrained(folder)
        file = f"{folder}/model.safetensors"
        shapes = {name: list(value.shape) for name, value in load_file(file).items()}
        save_file(weights(shapes), file, {"format": "pt"})
        model = transformers.ViTForImageClassification.from_pretrained(folder).eval()
    return answers(model.vit(x).last_hidden_state[:, 0], model.classifier, shapes)


with torch.no_grad():
    result = {"timm": of_timm(), "transformers": of_transformers()}
here.with_suffix(".json").write_text(json.dumps(result) + "\n")
