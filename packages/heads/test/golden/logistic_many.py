"""What scikit-learn's LogisticRegression gives on 200 classes of 7 to 1 rows, in float64; the rows are drawn in many-classes.test.ts, too.

usage: logistic_many.py > logistic_many.json   (scikit-learn)
"""
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

CLASSES, DIM, QUERIES = 200, 8, 400
counts = [1 + int(6 * 0.985**c) for c in range(CLASSES)]
state = 1


def uniform():
    """Numbers in [-1, 1) that any language draws alike."""
    global state
    state = (1664525 * state + 1013904223) % 2**32
    return state / 2**31 - 1


centres = np.array([[uniform() for _ in range(DIM)] for _ in range(CLASSES)])


def rows(labels):
    return np.array([[2 * centres[c, d] + uniform() for d in range(DIM)] for c in labels])


y = np.repeat(np.arange(CLASSES), counts)
x = rows(y)
expected = np.arange(QUERIES) % CLASSES
queries = rows(expected)
model = LogisticRegression(tol=1e-9, max_iter=100_000).fit(x, y)
z = x @ model.coef_.T + model.intercept_
losses = np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y]
scores = model.decision_function(queries) - np.log(counts)
golden = {
    "objective": (losses.sum() + (model.coef_**2).sum() / 2) / len(y),
    "weight": model.coef_[::9].ravel().round(6).tolist(),
    "bias": (model.intercept_ - model.intercept_.mean()).round(6).tolist(),
    "adjusted": int((scores.argmax(1) == expected).sum()),
}
json.dump(golden, sys.stdout)
print()
