"""Writes tail_calib.json beside it: the normal laws that TailCalib draws from, row by row of the rare classes, in float64.

usage: tail_calib.py   (numpy)
"""
import json
import pathlib

import numpy as np

COUNTS, DIM = (30, 12, 5, 1), 3
labels = np.repeat(np.arange(len(COUNTS)), COUNTS)
k = np.arange(1, len(labels) * DIM + 1)
x = (np.sin(0.7 * k).reshape(-1, DIM) + 2 * np.eye(DIM + 1)[labels][:, :DIM]).astype("f4").astype("f8")
powered = np.sign(x) * np.abs(x) ** 0.9
means = np.stack([x[labels == c].mean(0) for c in range(len(COUNTS))])
covariances = np.stack([np.cov(x[labels == c].T) if n > 1 else np.zeros((DIM, DIM)) for c, n in enumerate(COUNTS)])

laws = []
for near, alpha in ((2, 0), (1, 0.3)):
    for row in np.flatnonzero(labels > 1):
        nearest = np.argsort(np.linalg.norm(means - powered[row], axis=1))[:near]
        mean = (means[nearest].sum(0) + powered[row]) / (near + 1)
        covariance = covariances[nearest].sum(0) / near + alpha + 1e-4 * np.eye(DIM)
        laws.append({"neighbours": near, "alpha": alpha, "row": int(row), "mean": mean.tolist(), "covariance": covariance.ravel().tolist()})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(laws) + "\n")
