"""Writes sgd.json beside it: ten steps of torch.optim.SGD on 0.5 * sum(a w^2), w and momentum after each."""
import json
import pathlib

import torch

cases = []
for options in ({"momentum": 0.9}, {"momentum": 0.9, "weight_decay": 0.05}, {"momentum": 0.8, "weight_decay": 0.01, "nesterov": True}):
    w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    a = torch.tensor([1.0, 0.3, 5.0])
    optimizer = torch.optim.SGD([w], lr=0.1, **options)
    path = []
    for _ in range(10):
        optimizer.zero_grad()
        (0.5 * (a * w * w).sum()).backward()
        optimizer.step()
        path.append(w.tolist())
    cases.append({"momentum": options["momentum"], "weightDecay": options.get("weight_decay", 0), "nesterov": options.get("nesterov", False), "path": path})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
