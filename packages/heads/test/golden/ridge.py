"""Writes ridge.json beside it: scikit-learn's Ridge towards one-hot labels, in float64; its RidgeClassifier is the same but for scale.

usage: ridge.py FEATURES   (the folder of cifar10_lt100_train_features.npy; scikit-learn)

Of every fourth row of a published CIFAR-10-LT network's features; and of 30 rows of 40 dimensions, sin((k + 1)^2 / 10), k = 0, 1, ...
row by row, with 14, 9, 5 and 2 rows a class.
"""
import json
import pathlib
import sys

import numpy as np
from sklearn.linear_model import Ridge, RidgeClassifier

root = pathlib.Path(sys.argv[1])
x, y, test, labels = (
    np.load(root / f"{name}.npy")
    for name in ("cifar10_lt100_train_features", "cifar10_lt100_train_labels", "cifar10_test_features", "cifar10_test_labels")
)
x, y, test = x[::4].astype("f8"), y[::4], test.astype("f8")
few = np.sin(np.arange(1, 30 * 40 + 1) ** 2 / 10).reshape(30, 40).astype("f4").astype("f8")
few_labels = np.repeat(np.arange(4), [14, 9, 5, 2])


def fit(features, classes, alpha, class_weight):
    counts = np.bincount(classes)
    weights = (len(classes) / (len(counts) * counts))[classes] if class_weight == "balanced" else None
    model = Ridge(alpha=alpha, solver="cholesky").fit(features, np.eye(len(counts))[classes], sample_weight=weights)
    other = RidgeClassifier(alpha=alpha, class_weight=None if weights is None else "balanced").fit(features, classes)
    assert np.allclose(other.coef_, 2 * model.coef_) and np.allclose(other.intercept_, 2 * model.intercept_ - 1)
    return model


real, small = [], []
for class_weight, alpha in (("none", 1), ("balanced", 1), ("balanced", 100)):
    of = {"classWeight": class_weight, "alpha": alpha}
    model = fit(x, y, alpha, class_weight)
    correct = int((model.predict(test).argmax(1) == labels).sum())
    real.append({**of, "weight": model.coef_[:, ::9].ravel().tolist(), "bias": model.intercept_.tolist(), "correct": correct})
    model = fit(few, few_labels, alpha, class_weight)
    small.append({**of, "weight": model.coef_[:, ::9].ravel().tolist(), "bias": model.intercept_.tolist()})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"real": real, "small": small}, indent=1) + "\n")
