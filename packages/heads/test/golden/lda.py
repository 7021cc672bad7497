"""Writes lda.json beside it: scikit-learn's LinearDiscriminantAnalysis(solver="lsqr", shrinkage=...), in float64.

usage: lda.py FEATURES   (the folder of cifar10_lt100_train_features.npy; scikit-learn)

Of every fourth row of a published CIFAR-10-LT network's features; and of 30 rows of 40 dimensions, sin(0.7 (k + 1)), k = 0, 1, ...
row by row, with 14, 9, 5 and 2 rows a class. Equal `priors` are what 'class-averaged' means, the default ones 'pooled'.
"""
import json
import pathlib
import sys

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

root = pathlib.Path(sys.argv[1])
x, y, test, labels = (
    np.load(root / f"{name}.npy")
    for name in ("cifar10_lt100_train_features", "cifar10_lt100_train_labels", "cifar10_test_features", "cifar10_test_labels")
)
x, y, test = x[::4].astype("f8"), y[::4], test.astype("f8")
few = np.sin(0.7 * np.arange(1, 30 * 40 + 1)).reshape(30, 40).astype("f4").astype("f8")
few_labels = np.repeat(np.arange(4), [14, 9, 5, 2])


def fit(features, classes, covariance, shrinkage):
    count = classes.max() + 1
    priors = np.full(count, 1 / count) if covariance == "class-averaged" else None
    return LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=priors).fit(features, classes)


real, small = [], []
for covariance, shrinkage in (("class-averaged", 0.3), ("pooled", 0.3), ("class-averaged", 0.01)):
    of = {"covariance": covariance, "shrinkage": shrinkage}
    model = fit(x, y, covariance, shrinkage)
    real.append(
        {
            **of,
            "weight": model.coef_[:, ::9].ravel().tolist(),
            "bias": model.intercept_.tolist(),
            "correct": int((model.predict(test) == labels).sum()),
        }
    )
    model = fit(few, few_labels, covariance, shrinkage)
    small.append({**of, "weight": model.coef_[:, ::9].ravel().tolist(), "bias": model.intercept_.tolist()})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"real": real, "small": small}, indent=1) + "\n")
