"""Photos to batches by torchvision v2 and a DataLoader with a worker a core, the twin of own-pipeline.ts: a turn is
`train` or `evaluation`, its answer photos a second, from the first batch to the last. The batches are uint8, as ours are.

usage: pipeline.py PHOTOS tensor|pil   (tensor: decode_jpeg, transforms on tensors; pil: ImageFolder's loader, transforms on images)
"""
import os
import sys
import time
from pathlib import Path

import torch
import torchvision
from PIL import Image
from serve import answer, peak_of_process
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode, decode_jpeg, read_file
from torchvision.transforms import v2

BATCH, BATCHES = 50, 20
paths = sorted(str(path) for path in Path(sys.argv[1]).iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
is_tensor = sys.argv[2] == "tensor"
TRANSFORMS = {
    "train": [v2.RandomResizedCrop(224, antialias=True), v2.RandomHorizontalFlip()],
    "evaluation": [v2.Resize(256, antialias=True), v2.CenterCrop(224)],
}


def pil_loader(path):
    with open(path, "rb") as file:
        return Image.open(file).convert("RGB")


class Photos(Dataset):
    def __init__(self, transform):
        self.transform = v2.Compose(transform if is_tensor else [*transform, v2.PILToTensor()])

    def __len__(self):
        return BATCH * BATCHES

    def __getitem__(self, i):
        path = paths[i % len(paths)]
        picture = decode_jpeg(read_file(path), mode=ImageReadMode.RGB) if is_tensor else pil_loader(path)
        return self.transform(picture), 0


cores = len(os.sched_getaffinity(0))
loaders = {
    name: DataLoader(Photos(transform), batch_size=BATCH, num_workers=cores, persistent_workers=True)
    for name, transform in TRANSFORMS.items()
}


def rate(transform):
    first, count = None, 0
    for _, labels in loaders[transform]:
        if first is not None:
            count += len(labels)
        first = first or time.perf_counter()
    return count / (time.perf_counter() - first)


says = f"torch {torch.__version__}, torchvision {torchvision.__version__}, {cores} workers"
answer(rate, lambda: [peak_of_process()], says)
