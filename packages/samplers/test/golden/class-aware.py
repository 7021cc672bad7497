"""Writes class-aware.json: the visits of facebookresearch/classifier-balancing's data/ClassAwareSampler.py, its rules
written anew, on a stream of random numbers that a test can inject (the original takes Python's global one).

The rules: a cycling list hands out its items and is shuffled before the first item and whenever it is through. At a
visit the next class of the cycling list of classes gives num_samples_cls images at once, from its own cycling list. The
sampler's length is max_j n_j * C; the trainer breaks off after floor(N / batch) batches. One stream shuffles all lists.

usage: python class-aware.py    (needs nothing but Python)
"""

import json
from pathlib import Path


class Stream:
    """x <- 1664525 x + 1013904223 mod 2^32 (Numerical Recipes); below(n) = x mod n."""

    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (self.x * 1664525 + 1013904223) % 2**32
        return self.x % n

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):  # the order of random.shuffle
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


def cycling(items, stream):
    items = list(items)
    while True:
        stream.shuffle(items)
        yield from items


def visits(labels, samples_per_class, length, stream):
    num_classes = max(labels) + 1
    classes = cycling(range(num_classes), stream)
    images = [cycling([i for i, y in enumerate(labels) if y == c], stream) for c in range(num_classes)]
    drawn = []
    while len(drawn) < length:
        c = next(classes)
        drawn += [next(images[c]) for _ in range(samples_per_class)]
    return drawn[:length]


def case(counts, samples_per_class, seed, batch):
    labels = [c for c, n in enumerate(counts) for _ in range(n)]
    Stream(seed + 1).shuffle(labels)
    official = max(counts) * len(counts)
    indices = visits(labels, samples_per_class, official, Stream(seed))
    cut = len(labels) // batch * batch
    return {
        "labels": labels,
        "samplesPerClass": samples_per_class,
        "seed": seed,
        "batch": batch,
        "officialLength": official,
        "cutLength": min(cut, official),
        "indices": indices,
    }


cases = [
    case([8, 3, 2, 1], 4, 1, 5),
    case([20, 9, 4, 2, 1, 1], 4, 2, 8),
    case([5, 5, 5], 1, 3, 4),
    case([1, 12, 2], 3, 4, 7),
    case([3], 4, 5, 2),
    case([1], 2, 6, 1),
]
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
