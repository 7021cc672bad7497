"""Vector scaling by SciPy in float64, of logits that a formula gives, with and without a penalty.

usage: vector_scaling.py > vector_scaling.json   (numpy, scipy)
"""
import json
import sys

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

CLASSES, ROWS = 5, 200
cases = []
for size, penalty in ((0.2, 0), (3, 0), (3, 0.01), (40, 0.1)):
    i, c = np.mgrid[:ROWS, :CLASSES]
    z = (size * np.sin(1.7 * i + 2.3 * c + 0.1 * i * c)).astype("f4").astype("f8")
    # a third by turns, the rest where the score, shifted by class, is largest
    labels = np.where(np.arange(ROWS) % 3 == 0, np.arange(ROWS) % CLASSES, (z + size * c / 4).argmax(1))
    y = np.eye(CLASSES)[labels]

    def objective(x):
        a, b = x[:CLASSES], x[CLASSES:]
        logits = a * z + b
        dz = (softmax(logits, axis=1) - y) / ROWS
        value = -(log_softmax(logits, axis=1) * y).sum() / ROWS + penalty / 2 * (((a - 1) ** 2).sum() + (b**2).sum())
        return value, np.concatenate([(dz * z).sum(0) + penalty * (a - 1), dz.sum(0) + penalty * b])

    start = np.concatenate([np.ones(CLASSES), np.zeros(CLASSES)])
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 10000, "ftol": 1e-16, "gtol": 1e-10})
    a, b = found.x[:CLASSES], found.x[CLASSES:]
    after = -(log_softmax(a * z + b, axis=1) * y).sum() / ROWS
    case = {"size": size, "penalty": penalty, "labels": labels.tolist(), "scale": a.tolist(), "offset": b.tolist(), "after": after}
    cases.append(case)
    print(size, penalty, found.nit, np.bincount(labels), a, b, after, file=sys.stderr)
json.dump(cases, sys.stdout)
print()
