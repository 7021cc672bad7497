"""What scikit-learn's LogisticRegression gives on every fourth row of a published CIFAR-10-LT network's features, in float64.

usage: logistic.py FEATURES > logistic.json   (FEATURES: the folder of cifar10_lt100_train_features.npy; scikit-learn)
"""
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

x, y, test, labels = (
    np.load(f"{sys.argv[1]}/{name}.npy")
    for name in (
        "cifar10_lt100_train_features",
        "cifar10_lt100_train_labels",
        "cifar10_test_features",
        "cifar10_test_labels",
    )
)
x, y = x[::4], y[::4]
x, test = x.astype("f8"), test.astype("f8")
prior = np.log(np.bincount(y) / len(y))


def objective(model, weights, c):
    z = x @ model.coef_.T + model.intercept_
    z -= z.max(1, keepdims=True)
    losses = np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y]
    return (weights @ losses + (model.coef_**2).sum() / (2 * c)) / weights.sum()


cases = []
for c, class_weight in ((1, None), (0.01, None), (0.01, "balanced")):
    model = LogisticRegression(C=c, class_weight=class_weight, tol=1e-8, max_iter=100_000).fit(x, y)
    weights = (len(y) / (10 * np.bincount(y)))[y] if class_weight else np.ones(len(y))
    scores = model.decision_function(test)
    cases.append(
        {
            "C": c,
            "classWeight": class_weight or "none",
            "objective": objective(model, weights, c),
            "weight": model.coef_[:, ::9].ravel().tolist(),
            "bias": (model.intercept_ - model.intercept_.mean()).tolist(),
            "correct": int((scores.argmax(1) == labels).sum()),
            "adjusted": int(((scores - prior).argmax(1) == labels).sum()),
        }
    )
json.dump(cases, sys.stdout, indent=1)
print()
