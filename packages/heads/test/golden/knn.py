"""Writes knn.json beside it: what NumPy predicts by the nearest rows, in float64, and scikit-learn where all votes are equal.

usage: knn.py FEATURES   (the folder of cifar10_lt100_train_features.npy; scikit-learn)

Of every 25th test row of a published CIFAR-10-LT network's features, and of 40 and 30 rows of 7 whole numbers, (a i + b) mod 11 - 5,
which float32 multiplies exactly.
"""
import json
import pathlib
import sys

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

root = pathlib.Path(sys.argv[1])
x, y, test, labels = (
    np.load(root / f"{name}.npy")
    for name in ("cifar10_lt100_train_features", "cifar10_lt100_train_labels", "cifar10_test_features", "cifar10_test_labels")
)
x, test, labels = x.astype("f8"), test[::25].astype("f8"), labels[::25]


def whole(rows, a, b):
    return ((a * np.arange(rows * 7) ** 2 + b) % 11 - 5).reshape(rows, 7).astype("f8")


few, queries, few_labels = whole(40, 3, 1), whole(30, 5, 2), np.repeat(np.arange(4), [22, 11, 6, 1])


def likeness(queries, rows, distance):
    if distance == "l2":
        return -((queries**2).sum(1)[:, None] - 2 * queries @ rows.T + (rows**2).sum(1))
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    return unit(queries) @ unit(rows).T


def votes(rows, classes, queries, k, distance, power):
    counts = np.bincount(classes)
    nearest = classes[np.argsort(-likeness(queries, rows, distance), axis=1, kind="stable")[:, :k]]
    scores = np.zeros((len(queries), len(counts)))
    for c, n in enumerate(counts):
        scores[:, c] = (nearest == c).sum(1) * float(n) ** -power
    if power == 0 and k == 1:  # with more, ties of the k-th fall otherwise there
        model = KNeighborsClassifier(k, metric={"l2": "euclidean"}.get(distance, distance)).fit(rows, classes)
        assert (model.predict(queries) == scores.argmax(1)).mean() > 0.99
    return scores


real, small = [], []
for k, distance, power in ((20, "cosine", 0.75), (20, "l2", 0.75), (5, "cosine", 0), (1, "l2", 0)):
    of = {"k": k, "distance": distance, "power": power}
    predicted = votes(x, y, test, k, distance, power).argmax(1)
    real.append({**of, "predicted": "".join(map(str, predicted)), "correct": int((predicted == labels).sum())})
    if distance == "l2":
        small.append({**of, "k": min(k, 9), "scores": votes(few, few_labels, queries, min(k, 9), distance, power).ravel().tolist()})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"real": real, "small": small}) + "\n")
