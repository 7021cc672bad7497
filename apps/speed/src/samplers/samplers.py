"""PyTorch's WeightedRandomSampler on the counts that samplers.ts gives, one thread: rows of its table."""
import json
import sys

import torch
from serve import milliseconds
from torch.utils.data import WeightedRandomSampler

torch.set_num_threads(1)
rounds = int(sys.argv[1])
counts = torch.tensor(json.loads(sys.argv[2]), dtype=torch.float64)
labels = torch.repeat_interleave(torch.arange(len(counts)), counts.long())
print(f"PyTorch {torch.__version__}, one thread", flush=True)


def row(name, set_up, epoch):
    times = [milliseconds(epoch) for _ in range(rounds)]
    first, ordered = times[0], sorted(times)
    figures = [milliseconds(set_up), first, ordered[rounds // 2], ordered[0]]
    print(f"| {name} | {len(labels)} |", " | ".join(f"{ms:.1f}" for ms in figures), "|")


def weights():
    return (1 / counts)[labels]


def sampler():
    return WeightedRandomSampler(weights(), len(labels))


made = sampler()
row(f"PyTorch {torch.__version__}: class-balanced WeightedRandomSampler", sampler, lambda: list(made))
image_weights = weights()
row(
    "its torch.multinomial alone, without the Python list",
    weights,
    lambda: torch.multinomial(image_weights, len(labels), True),
)
