"""Writes ranpac.json beside it: what the steps of RanPAC's replace_fc and optimise_ridge_parameter give in plain PyTorch, in float64.

The features are 48 rows of 6, sin((k + 1)^2 / 10), k = 0, 1, ... row by row, with 27, 13, 6 and 2 rows a class, and 2 more in the place
of their class; what is drawn at random is asked of ranpac-drawn.ts. usage: ranpac.py (node and torch)
"""
import json
import pathlib
import subprocess

import numpy as np
import torch

here = pathlib.Path(__file__).parent
drawn = json.loads(subprocess.run(["node", here / "ranpac-drawn.ts"], check=True, stdout=subprocess.PIPE).stdout)
projection = torch.tensor(drawn["projection"], dtype=torch.float64)
labels = torch.repeat_interleave(torch.arange(4), torch.tensor([27, 13, 6, 2]))
waves = np.sin(np.arange(1, 48 * 6 + 1) ** 2 / 10).reshape(48, 6).astype("f4")
features = torch.tensor(waves + 2 * np.eye(6, dtype="f4")[labels], dtype=torch.float64)
h, y = torch.relu(features @ projection), torch.nn.functional.one_hot(labels, 4).double()


def solve(rows, alpha, weights):
    weighted = h[rows] * weights[rows, None]
    return torch.linalg.solve(weighted.T @ h[rows] + alpha * torch.eye(60, dtype=torch.float64), weighted.T @ y[rows]).T


def errors(weights):
    known, held = np.split(np.array(drawn["order"]), [int(48 * 0.8)])
    for alpha in 10.0 ** np.arange(-8, 9):
        misses = (h[held] @ solve(known, alpha, weights).T - y[held]) ** 2
        yield alpha, float((misses * weights[held, None]).sum())


cases = []
for class_weight in ("none", "balanced"):
    weights = (48 / (4 * torch.bincount(labels)))[labels] if class_weight == "balanced" else torch.ones(48)
    weights = weights.double()
    chosen = min(errors(weights), key=lambda pair: pair[1])[0]
    for alpha in (float(chosen), 0.5):
        w = solve(slice(None), alpha, weights)
        of = {"classWeight": class_weight, "alpha": alpha, "isChosen": bool(alpha == chosen)}
        cases.append({**of, "logits": (h @ w.T).flatten().tolist(), "weight": w.flatten()[::9].tolist()})
(here / "ranpac.json").write_text(json.dumps(cases) + "\n")
print([(case["classWeight"], case["alpha"]) for case in cases])
