"""Published checkpoints in plain PyTorch: what `longtail evaluate --checkpoint` is to find.

    python checkpoints.py SHARED

Writes checkpoints.json:
  cifar   the share of the JPEG test set that a CIFAR-10-LT network names rightly
  photos  of the official code's ResNet-10, on photos by short side 256 and centre crop 224: the best of the classes that occur
          (by label), and every 64th number of the feature
"""
import csv
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torchvision.models.resnet import BasicBlock, ResNet
from torchvision.transforms import v2

torch.set_num_threads(2)
shared = Path(sys.argv[1])
CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split()


def normalised(pixels, mean, std):
    """uint8 [N, 3, H, W] -> float32."""
    return (pixels.float() / 255 - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


def norm(state, name, x):
    parts = ("running_mean", "running_var", "weight", "bias")
    return F.batch_norm(x, *(state[f"{name}.{part}"] for part in parts))


def resnet32(state, x):
    """Option A's shortcuts: every other place, zeros for the new channels."""
    x = F.relu(norm(state, "bn1", F.conv2d(x, state["conv1.weight"], padding=1)))
    for layer in (1, 2, 3):
        for block in range(5):
            name, stride = f"layer{layer}.{block}", 2 if layer > 1 and block == 0 else 1
            y = F.relu(norm(state, f"{name}.bn1", F.conv2d(x, state[f"{name}.conv1.weight"], stride=stride, padding=1)))
            y = norm(state, f"{name}.bn2", F.conv2d(y, state[f"{name}.conv2.weight"], padding=1))
            extra = y.shape[1] - x.shape[1]
            short = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, extra // 2, extra - extra // 2)) if extra else x
            x = F.relu(y + short)
    return x.mean((2, 3))


def cifar_test():
    pictures, labels = [], []
    with tarfile.open(shared / "data/cifar10/cifar10-jpg.tar.gz") as archive:
        for member in archive:
            parts = Path(member.name).parts
            if member.isfile() and len(parts) >= 3 and parts[-3] == "test":
                pictures.append(np.asarray(Image.open(io.BytesIO(archive.extractfile(member).read())).convert("RGB")))
                labels.append(CLASSES.index(parts[-2]))
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2), torch.tensor(labels)


def cifar():
    pixels, labels = cifar_test()
    found = {}
    for file, prefix, head in [
        ("MetaSAug_cifar10_CE_imb0.01.safetensors", "", "linear"),
        ("imbalanced-DL_cifar10_exp_0.01_ERM.safetensors", "backbone.", "classifier"),
    ]:
        state = load_file(shared / "data/weights" / file)
        own = {key.removeprefix(prefix): value for key, value in state.items()}
        hits = 0
        for start in range(0, len(labels), 500):
            x = normalised(pixels[start : start + 500], [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010])
            logits = F.linear(resnet32(own, x), state[f"{head}.weight"], state.get(f"{head}.bias"))
            hits += (logits.argmax(1) == labels[start : start + 500]).sum().item()
        found[file] = hits / len(labels)
    return found


def photos():
    folder = shared / "data/imagenet-sample"
    rows = list(csv.DictReader(open(folder / "list.tsv"), delimiter="\t"))
    saved = torch.load(shared / "reference/ResNet10Feature.pth", weights_only=False)["state_dict_best"]
    network = ResNet(BasicBlock, [1, 1, 1, 1])
    network.fc = torch.nn.Identity()
    own = {key.removeprefix("module."): value for key, value in saved["feat_model"].items()}
    print(network.load_state_dict(own, strict=False))
    network.eval()
    transform = v2.Compose([v2.Resize(256, antialias=True), v2.CenterCrop(224)])
    occur = torch.tensor(sorted({int(row["label"]) for row in rows}))
    found = {}
    for row in rows:
        pixels = transform(v2.functional.pil_to_tensor(Image.open(folder / row["file"]).convert("RGB")))
        feature = network(normalised(pixels[None], [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
        logits = F.linear(feature, saved["classifier"]["module.fc.weight"], saved["classifier"]["module.fc.bias"])
        best = occur[logits[0, occur].argmax()].item()
        found[row["file"]] = {"best": best, "feature": [float(f"{value:.6g}") for value in feature[0, ::64].tolist()]}
    return found


with torch.no_grad():
    result = {"versions": f"torch {torch.__version__}", "cifar": cifar(), "photos": photos()}
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in result["photos"].items())
Path(__file__).with_suffix(".json").write_text(
    f'{{"versions": {json.dumps(result["versions"])},\n "cifar": {json.dumps(result["cifar"])},\n "photos": {{\n{lines}\n}}}}\n'
)
