"""Writes pca.json beside it: scikit-learn's PCA in float64.

usage: pca.py FEATURES   (the folder of cifar10_lt100_train_features.npy; scikit-learn)

Of every fourth row of a published CIFAR-10-LT network's features, 8 components, and of 12 rows of 20 dimensions, sin((k + 1)^2 / 10),
k = 0, 1, ... row by row, 5 components; and what the first ten rows become, as they are and
whitened. Each component has the sign that makes its largest value positive.
"""
import json
import pathlib
import sys

import numpy as np
from sklearn.decomposition import PCA

real = np.load(pathlib.Path(sys.argv[1]) / "cifar10_lt100_train_features.npy")[::4].astype("f8")
few = np.sin(np.arange(1, 12 * 20 + 1) ** 2 / 10).reshape(12, 20).astype("f4").astype("f8")


def fit(features, count):
    model = PCA(count, svd_solver="full").fit(features)
    rows = model.components_
    rows = rows * np.sign(rows[np.arange(count), np.abs(rows).argmax(1)])[:, None]
    signs = np.sign(model.components_ * rows).max(1)
    seen = features[:10]
    scores = [(PCA(count, svd_solver="full", whiten=whiten).fit(features).transform(seen) * signs).ravel().tolist() for whiten in (False, True)]
    return {"transformed": scores[0], "whitened": scores[1], "mean": model.mean_.tolist(), "components": rows.ravel().tolist(), "variances": model.explained_variance_.tolist()}


golden = {"real": fit(real, 8), "few": fit(few, 5)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
print(golden["real"]["variances"], golden["few"]["variances"])
