"""
Writes open_set.json beside it: F_measure(openset=True) of the official code (its utils.py) on random predictions.
usage: python open_set.py FOLDER_OF_CLASSIFIER_BALANCING
"""
import json
import pathlib
import sys
from unittest.mock import MagicMock

import numpy as np

sys.modules.update({"matplotlib": MagicMock(), "matplotlib.pyplot": MagicMock()})  # imported there, not used
sys.path.insert(0, sys.argv[1])
from utils import F_measure  # noqa: E402

cases = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, 6, 50)
    predictions = np.where(rng.random(50) < 0.5, labels, rng.integers(-1, 6, 50))
    cases.append({
        "labels": labels.tolist(),
        "predictions": predictions.tolist(),
        "official": float(F_measure(predictions, labels, openset=True, theta=0.1)),
    })
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
