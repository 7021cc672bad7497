"""
Writes published_head.json beside it: a published CIFAR-10-LT head on its real features, by scikit-learn and NumPy.
usage: python published_head.py FOLDER_OF_FEATURES
"""
import json
import pathlib
import sys

import numpy as np
from metrics import calibration  # golden/metrics.py, which writes its own file again
from scipy import special, stats
from sklearn import metrics

folder = pathlib.Path(sys.argv[1])
read = lambda name: np.load(folder / f"{name}.npy")
weight = read("cifar10_lt100_joint_weight").astype(float)
logits = read("cifar10_test_features").astype(float) @ weight.T
labels = read("cifar10_test_labels")
counts = np.bincount(read("cifar10_lt100_train_labels"))
probabilities = special.softmax(logits, axis=1)
predictions = logits.argmax(1)
recall = metrics.recall_score(labels, predictions, average=None)
onehot = np.eye(10)[labels]
expected = {
    "all": metrics.accuracy_score(labels, predictions),
    "many": recall[counts > 100].mean(),
    "medium": recall[(counts >= 20) & (counts <= 100)].mean(),
    "macroF1": metrics.f1_score(labels, predictions, average="macro"),
    "kappa": metrics.cohen_kappa_score(labels, predictions),
    "auroc": metrics.roc_auc_score(labels, probabilities, multi_class="ovr"),
    "averagePrecision": metrics.average_precision_score(onehot, probabilities, average="macro"),
    "calibration": {name: value for name, value in calibration(probabilities, labels).items() if name != "equalMass"},
    "tail": metrics.log_loss(labels[labels > 6], probabilities[labels > 6], labels=range(10)),
    "normCorrelation": stats.pearsonr(np.linalg.norm(weight, axis=1), np.log(counts)).statistic,
    "loma": [logits[labels == c, c].mean() - logits[labels != c, c].mean() for c in range(10)],
}
plain = json.loads(json.dumps(expected, default=lambda value: value.item()))
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(plain, indent=2) + "\n")
