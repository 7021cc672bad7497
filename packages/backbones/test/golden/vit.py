"""Writes vit.json beside it: features, gradients and resized positions of vision transformers, by the libraries that people take
their weights from (timm, transformers, torchvision), so that names and graphs are theirs. Needs nothing but these.

Weights come from a formula of their name (in the library's own files), index and shape, which the test computes as well, so no file
has to carry them. The pictures are sin(i) over the NHWC index i.
"""
import json
import math
import pathlib
import re
import tempfile

import numpy as np
import timm
import torch
import torchvision
import transformers
from drawn import drawn
from safetensors.torch import load_file, save_file
from timm.layers import resample_abs_pos_embed
from timm.models.vision_transformer import checkpoint_filter_fn

SIZE, PATCH, WIDTH, HEADS, DEPTH = 64, 16, 96, 3, 2


def formula(name, shape):
    """What scales lies around 1, all else around 0, wide enough that nothing fades."""
    if len(shape) > 1:
        bound = math.sqrt(3 / math.prod(shape[1:]))
        return drawn(name, shape, -bound, bound)
    return drawn(name, shape, 0.5, 1.5) if re.search(r"weight|gamma|lambda", name) else drawn(name, shape, -0.1, 0.1)


def pictures(size):
    height, width = size
    x = torch.sin(torch.arange(2 * height * width * 3, dtype=torch.float64)).float()
    return x.reshape(2, height, width, 3).permute(0, 3, 1, 2)


def filled(shapes):
    return {name: formula(name, shape) for name, shape in shapes.items()}


def shapes_of(state):
    return {name: list(value.shape) for name, value in state.items() if value.is_floating_point()}


def sampled(values, stride=1):
    return [float(f"{v:.8g}") for v in values.detach().flatten()[::stride].tolist()]


cases = []


def case(name, architecture, shapes, features, size=(SIZE, SIZE), stride=1, options={}, resize=None, gradients=None):
    row = {"name": name, "architecture": architecture, "size": size, "options": options, "shapes": shapes, "stride": stride}
    row |= {"features": sampled(features, stride), "dim": features.shape[1]}
    row |= {"resize": resize} if resize else {}
    row |= {"gradients": gradients} if gradients else {}
    cases.append(row)


def gradients_of(model, features):
    """Of sum(features * formula), at five places of each weight; timm's names."""
    (features * formula("slope", features.shape)).sum().backward()
    return {name: sampled(p.grad, max(1, p.numel() // 5)) for name, p in model.named_parameters() if p.grad is not None}


SMALL = {"embed_dim": WIDTH, "depth": DEPTH, "num_heads": HEADS, "num_classes": 0}


def of_timm(name, size=(SIZE, SIZE), **options):
    return timm.create_model(name, img_size=size, **(SMALL | options)).eval()


def timm_case(name, like, architecture, size=(SIZE, SIZE), **options):
    model = of_timm(like, size, **options)
    shapes = shapes_of(model.state_dict())
    # CLIP's projection has no bias; timm's has one, of zeros.
    model.load_state_dict(filled(shapes) | ({"head.bias": torch.zeros(40)} if "head.bias" in shapes else {}))
    features = model(pictures(size))
    case(name, architecture, shapes, features, size, gradients=gradients_of(model, features))


def converted_case(name, like, architecture, shapes, **options):
    """Official names, through timm's own converter."""
    model = of_timm(like, **options)
    state = filled(shapes)
    model.load_state_dict(checkpoint_filter_fn({"mask_token": formula("mask", [1, WIDTH])} | state, model))
    case(name, architecture, shapes, model(pictures((SIZE, SIZE))))


def of_transformers(kind, config, **options):
    """A model with the formula's weights under the names of its files, which are older than those in memory."""
    both = {"hidden_size": WIDTH, "num_hidden_layers": DEPTH, "num_attention_heads": HEADS, "image_size": SIZE, "patch_size": PATCH}
    with tempfile.TemporaryDirectory() as folder:
        kind(config(**both, **options)).save_pretrained(folder)
        file = f"{folder}/model.safetensors"
        shapes = shapes_of(load_file(file))
        save_file(filled(shapes), file, {"format": "pt"})
        return kind.from_pretrained(folder).eval(), shapes


WIDE = {"intermediate_size": 4 * WIDTH}
X = pictures((SIZE, SIZE))

timm_case("timm's ViT, pictures that are not square", "vit_small_patch16_224", "vit-s/16", (64, 48))
timm_case("timm's CLIP", "vit_base_patch16_clip_quickgelu_224", "clip-vit-b/16", num_classes=40)
timm_case("timm's DINOv2 with registers", "vit_small_patch14_reg4_dinov2", "dinov2-vit-s/14-registers", patch_size=16)

official = {"cls_token": [1, 1, WIDTH], "pos_embed": [1, 17, WIDTH], "register_tokens": [1, 4, WIDTH]}
block = {"norm1": [WIDTH], "norm2": [WIDTH], "attn.qkv": [3 * WIDTH, WIDTH], "attn.proj": [WIDTH, WIDTH]}
block |= {"mlp.fc1": [4 * WIDTH, WIDTH], "mlp.fc2": [WIDTH, 4 * WIDTH]}
both = lambda name, shape: {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
official |= both("patch_embed.proj", [WIDTH, 3, PATCH, PATCH]) | both("norm", [WIDTH])
for i in range(DEPTH):
    for name, shape in block.items():
        official |= both(f"blocks.{i}.{name}", shape)
    official |= {f"blocks.{i}.{name}.gamma": [WIDTH] for name in ("ls1", "ls2")}
reg = "vit_small_patch14_reg4_dinov2"
converted_case("the official DINOv2 with registers", reg, "dinov2-vit-s/14-registers", official, patch_size=16)

visual = {"class_embedding": [WIDTH], "positional_embedding": [17, WIDTH], "proj": [WIDTH, 40], "conv1.weight": [WIDTH, 3, PATCH, PATCH]}
visual |= both("ln_pre", [WIDTH]) | both("ln_post", [WIDTH])
for i in range(DEPTH):
    at = f"transformer.resblocks.{i}"
    visual |= {f"{at}.attn.in_proj_weight": [3 * WIDTH, WIDTH], f"{at}.attn.in_proj_bias": [3 * WIDTH]}
    visual |= both(f"{at}.attn.out_proj", [WIDTH, WIDTH]) | both(f"{at}.ln_1", [WIDTH]) | both(f"{at}.ln_2", [WIDTH])
    visual |= both(f"{at}.mlp.c_fc", [4 * WIDTH, WIDTH]) | both(f"{at}.mlp.c_proj", [WIDTH, 4 * WIDTH])
visual = {f"visual.{name}": shape for name, shape in visual.items()}
converted_case("OpenAI's CLIP", "vit_base_patch16_clip_quickgelu_224", "clip-vit-b/16", visual, num_classes=40)

model, shapes = of_transformers(transformers.ViTModel, transformers.ViTConfig, **WIDE)
case("Hugging Face's ViTModel", "dino-vit-s/16", shapes, model(X).last_hidden_state[:, 0], options={"epsilon": 1e-12})
large = model(pictures((112, 80)), interpolate_pos_encoding=True).last_hidden_state[:, 0]
resize = {"antialias": False}
case("the same at another size", "dino-vit-s/16", shapes, large, (112, 80), options={"epsilon": 1e-12}, resize=resize)
names = shapes_of(model.state_dict())
model.load_state_dict(filled(names))
case("the same by its names in memory", "dino-vit-s/16", names, model(X).last_hidden_state[:, 0], options={"epsilon": 1e-12})

clip = (transformers.CLIPVisionModelWithProjection, transformers.CLIPVisionConfig)
model, shapes = of_transformers(*clip, **WIDE, projection_dim=40)
case("Hugging Face's CLIPVisionModel", "clip-vit-b/16", shapes, model(X).image_embeds)
pooled = model.vision_model(X).pooler_output
case("the same without its projection", "clip-vit-b/16", shapes, pooled, options={"projection": False})

for kind in ("Dinov2", "Dinov2WithRegisters"):
    model, shapes = of_transformers(getattr(transformers, f"{kind}Model"), getattr(transformers, f"{kind}Config"))
    architecture = "dinov2-vit-s/14" + ("-registers" if "Reg" in kind else "")
    case(f"Hugging Face's {kind}Model", architecture, shapes, model(X).last_hidden_state[:, 0])

model = torchvision.models.VisionTransformer(SIZE, PATCH, DEPTH, HEADS, WIDTH, 4 * WIDTH, num_classes=10).eval()
shapes = shapes_of(model.state_dict())
model.load_state_dict(filled(shapes))
model.heads = torch.nn.Identity()
case("torchvision's vit_b_16", "vit-b/16", shapes, model(X))

model = timm.create_model("vit_base_patch16_224", num_classes=0).eval()
shapes = shapes_of(model.state_dict())
model.load_state_dict(filled(shapes))
with torch.no_grad():
    whole = model(pictures((224, 224)))
case("the whole ViT-B/16 at 224", "vit-b/16", {}, whole, (224, 224), stride=7)


def positions(side, to, before, how):
    given = formula("positions", [1, side * side + before, 2])
    if how["antialias"]:
        return resample_abs_pos_embed(given, to, num_prefix_tokens=before)
    # As the official DINO and DINOv2 do it, with their offset.
    grid = given[:, before:].reshape(1, side, side, 2).permute(0, 3, 1, 2)
    factors = [(n + how["offset"]) / side for n in to]
    grid = torch.nn.functional.interpolate(grid, scale_factor=factors, mode="bicubic")
    assert list(grid.shape[2:]) == to
    return torch.cat([given[:, :before], grid.permute(0, 2, 3, 1).reshape(1, -1, 2)], 1)


resized = [
    {"side": side, "to": to, "before": before, "how": how, "values": sampled(positions(side, to, before, how))}
    for how in ({"antialias": True, "offset": 0}, {"antialias": False, "offset": 0.1})
    for side, to, before in ((4, [7, 5], 1), (7, [3, 4], 1), (5, [2, 9], 0))
]
SIZES = {"s": "small", "b": "base", "l": "large"}
LAYERS = {"GELU": "erf", "QuickGELU": "sigmoid"}


def row(name):
    """A row of the table as timm has it."""
    family, size, patch, registers = re.fullmatch(r"(?:(\w+)-)?vit-(\w)/(\d+)(-registers)?", name).groups()
    ending = {"clip": "_clip_quickgelu_224", "dinov2": "_reg4_dinov2" if registers else "_dinov2"}.get(family, "_224")
    with torch.device("meta"):
        model = timm.create_model(f"vit_{SIZES[size]}_patch{patch}{ending}", img_size=224)
    first = model.blocks[0]
    return {
        "patch": model.patch_embed.patch_size[0],
        "width": model.embed_dim,
        "depth": len(model.blocks),
        "heads": first.attn.num_heads,
        "mlpRatio": first.mlp.fc1.out_features / model.embed_dim,
        "activation": LAYERS[type(first.mlp.act).__name__],
        "epsilon": model.norm.eps,
        "preNorm": isinstance(model.norm_pre, torch.nn.LayerNorm),
        "patchBias": model.patch_embed.proj.bias is not None,
        "qkvBias": first.attn.qkv.bias is not None,
        "registers": model.num_reg_tokens,
        **({"layerScale": 1e-5} if hasattr(first.ls1, "gamma") else {}),
        **({"projection": model.num_classes} if family == "clip" else {}),
    }


names = [f"{family}vit-{size}/{patch}" for family in ("", "dino-") for size in "sb" for patch in (8, 16)]
names += ["vit-b/32", "vit-l/14", "vit-l/16", "vit-l/32", "clip-vit-b/16", "clip-vit-b/32", "clip-vit-l/14"]
names += [f"dinov2-vit-{size}/14{registers}" for size in "sbl" for registers in ("", "-registers")]
table = {name: row(name) for name in names}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps({"small": {"width": WIDTH, "depth": DEPTH, "heads": HEADS, "patch": PATCH}, "table": table, "cases": cases, "resized": resized}) + "\n")
print(target.stat().st_size, [c["name"] for c in cases])
