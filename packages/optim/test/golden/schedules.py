"""Writes schedules.json beside it: the rates of PyTorch's schedulers, epoch by epoch."""
import json
import pathlib

import torch
from torch.optim import lr_scheduler as schedulers


def rates(make, epochs=20):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.2)
    scheduler = make(optimizer)
    found = []
    for _ in range(epochs):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def sequential(optimizer):
    first = schedulers.LinearLR(optimizer, start_factor=0.1, end_factor=1, total_iters=5)
    return schedulers.SequentialLR(optimizer, [first, schedulers.CosineAnnealingLR(optimizer, T_max=15)], milestones=[5])


def chained(optimizer):
    first = schedulers.LinearLR(optimizer, start_factor=0.1, total_iters=5)
    return schedulers.ChainedScheduler([first, schedulers.CosineAnnealingLR(optimizer, T_max=20)])


found = {
    "constant": rates(lambda o: schedulers.ConstantLR(o, factor=1)),
    "cosine": rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=20)),
    "cosine to a minimum": rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=20, eta_min=0.05)),
    "steps": rates(lambda o: schedulers.MultiStepLR(o, milestones=[8, 14], gamma=0.1)),
    "polynomial": rates(lambda o: schedulers.PolynomialLR(o, total_iters=15, power=2)),
    "linear": rates(lambda o: schedulers.LinearLR(o, start_factor=0.25, end_factor=0.75, total_iters=10)),
    "sequence": rates(sequential),
    "warm-up": rates(chained),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n")
