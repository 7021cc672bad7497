"""Writes stage2.json beside it: the weights that plain PyTorch has after stage 2 with the published values, in float64.

SGD, momentum 0.9, weight decay 5e-4 (of biases and scales, too), rate 0.2, batches of 512; cRT 10 epochs, LWS 5. The rate is
CosineAnnealingLR's, which 'official' steps at the start of an epoch, as the paper's code, and 'epoch' at its end, as PyTorch's
documentation.
"""
import json
import pathlib

import torch

ROWS, BATCH, CLASSES, DIM = 1024, 512, 5, 4


def wave(rows, columns, frequency):
    """Numbers that anyone can make again: sin(frequency (k + 1)), k = 0, 1, ... row by row."""
    return torch.sin(frequency * torch.arange(1, rows * columns + 1, dtype=torch.float64)).reshape(rows, columns).float().double()


labels = torch.arange(ROWS) % CLASSES
features = wave(ROWS, DIM, 0.7) + torch.nn.functional.one_hot(labels, CLASSES)[:, :DIM]
weight, bias = wave(CLASSES, DIM, 0.3), wave(1, CLASSES, 0.9)[0]


def train(parameters, logits, epochs, schedule):
    optimizer = torch.optim.SGD(parameters, lr=0.2, momentum=0.9, weight_decay=5e-4)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs, eta_min=0)
    for _ in range(epochs):
        if schedule == "official":
            scheduler.step()
        for start in range(0, ROWS, BATCH):
            optimizer.zero_grad()
            rows = slice(start, start + BATCH)
            torch.nn.functional.cross_entropy(logits(features[rows]), labels[rows]).backward()
            optimizer.step()
        if schedule == "epoch":
            scheduler.step()


def crt(schedule):
    w, b = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    train([w, b], lambda x: x @ w.T + b, 10, schedule)
    return {"weight": w.flatten().tolist(), "bias": b.tolist()}


def lws(schedule):
    scale = torch.ones(CLASSES, dtype=torch.float64, requires_grad=True)
    train([scale], lambda x: (x @ weight.T + bias) * scale, 5, schedule)
    return {"scale": scale.tolist()}


golden = {schedule: {"crt": crt(schedule), "lws": lws(schedule)} for schedule in ("epoch", "official")}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
