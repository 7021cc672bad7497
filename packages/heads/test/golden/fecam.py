"""Writes fecam.json beside it: FeCAM's distances by the steps of its code (shrink_cov twice, normalize_cov, _mahalanobis), in float64.

usage: fecam.py FEATURES   (the folder of cifar10_lt100_train_features.npy; NumPy)

Of a published CIFAR-10-LT network's features; and of 30 rows of 8 dimensions, |sin((k + 1)^2 / 10)|, k = 0, 1, ... row by row, with 14, 9,
5 and 2 rows a class, which are their own queries.
"""
import json
import pathlib
import sys

import numpy as np

root = pathlib.Path(sys.argv[1])
x, y, test, labels = (
    np.load(root / f"{name}.npy")
    for name in ("cifar10_lt100_train_features", "cifar10_lt100_train_labels", "cifar10_test_features", "cifar10_test_labels")
)
x, test = x.astype("f8"), test.astype("f8")
few = np.abs(np.sin(np.arange(1, 30 * 8 + 1) ** 2 / 10)).reshape(30, 8).astype("f4").astype("f8")
few_labels = np.repeat(np.arange(4), [14, 9, 5, 2])


def shrink(cov, a, b):
    size = len(cov)
    off = cov.copy()
    np.fill_diagonal(off, 0)
    return cov + a * np.diagonal(cov).mean() * np.eye(size) + b * off.sum() / (size * (size - 1)) * (1 - np.eye(size))


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def scores(features, classes, queries, tukey, a, b, times):
    columns = []
    for c in range(classes.max() + 1):
        rows = features[classes == c]
        cov = np.cov((rows**tukey).T)
        for _ in range(times):
            cov = shrink(cov, a, b)
        deviations = np.sqrt(np.diagonal(cov))
        inverse = np.linalg.pinv(cov / np.outer(deviations, deviations))
        apart = unit(unit(queries) ** tukey) - unit(rows.mean(0) ** tukey)
        columns.append(-((apart @ inverse) * apart).sum(1))
    return np.stack(columns, 1)


cases = []
for tukey, a, b, times in ((0.5, 1, 1, 2), (1, 1, 0, 1)):
    real = scores(x, y, test, tukey, a, b, times)
    small = scores(few, few_labels, few, tukey, a, b, times)
    of = {"tukey": tukey, "diagonal": (1 + a) ** times - 1, "offDiagonal": (1 + b) ** times - 1}
    correct = int((real.argmax(1) == labels).sum())
    cases.append({**of, "correct": correct, "real": real[::500].ravel().tolist(), "small": small.ravel().tolist()})
    print(tukey, correct)
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
