"""Writes metrics.json beside it: the scores of random logits by scikit-learn and SciPy, and where they have none by NumPy."""
import json
import pathlib

import numpy as np
from scipy import special, stats
from sklearn import metrics

BINS = 10


def known(values):
    return [None if np.isnan(value) else float(value) for value in values]


def gaps(groups, confidences, correct):
    """ECE and MCE of rows in bins."""
    found = [(len(rows), abs(correct[rows].mean() - confidences[rows].mean())) for rows in groups if len(rows)]
    return sum(n * gap for n, gap in found) / len(correct), max(gap for _, gap in found)


def equal_width(values):
    edges = np.arange(BINS + 1) / BINS
    inside = lambda b: (values > edges[b]) & (values <= edges[b + 1]) | ((b == 0) & (values == 0))
    return [np.flatnonzero(inside(b)) for b in range(BINS)]


def calibration(probabilities, labels):
    if len(labels) == 0:
        return None
    predictions, confidences = probabilities.argmax(1), probabilities.max(1)
    correct = (predictions == labels).astype(float)
    ece, mce = gaps(equal_width(confidences), confidences, correct)
    order = np.lexsort((correct, confidences))
    mass_ece, mass_mce = gaps(np.array_split(order, min(BINS, len(labels))), confidences, correct)
    onehot = np.eye(probabilities.shape[1])[labels]
    return {
        "rows": len(labels),
        "accuracy": correct.mean(),
        "confidence": confidences.mean(),
        "ece": ece,
        "mce": mce,
        "equalMass": {"ece": mass_ece, "mce": mass_mce},
        "nll": metrics.log_loss(labels, probabilities, labels=range(probabilities.shape[1])),
        "brier": ((probabilities - onehot) ** 2).sum(1).mean(),
    }


def class_ece(column, positive):
    parts = [abs(positive[rows].sum() - column[rows].sum()) for rows in equal_width(column)]
    return sum(parts) / len(column)


def loma(logits, labels, c):
    own = labels == c
    return logits[own, c].mean() - logits[~own, c].mean() if own.any() else np.nan


def coverage(probabilities, labels, thresholds, target):
    sets = probabilities >= thresholds
    covered = sets[np.arange(len(labels)), labels]
    classes = np.array([covered[labels == c].mean() for c in np.unique(labels)])
    return {
        "marginal": covered.mean(),
        "macro": classes.mean(),
        "below": (classes < target / 2).mean(),
        "underCoverage": np.maximum(0, target - classes).mean(),
        "meanSize": sets.sum(1).mean(),
        "empty": (sets.sum(1) == 0).mean(),
    }


def top_k_accuracies(logits, labels):
    """For k of 1, 2, 3: of equal scores the lower class first; where there are none, scikit-learn's."""
    classes = logits.shape[1]
    own = logits[np.arange(len(labels)), labels][:, None]
    earlier = np.arange(classes)[None] < labels[:, None]
    ranks = ((logits > own) | (logits == own) & earlier).sum(1)
    found = [(ranks < k).mean() for k in (1, 2, 3) if k < classes]
    if all(len(set(row)) == classes for row in logits):
        theirs = [metrics.top_k_accuracy_score(labels, logits, k=k + 1, labels=range(classes)) for k in range(len(found))]
        assert found == theirs
    return found


def case(seed):
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(3, 9))
    rows = 90
    labels = rng.integers(0, classes - (seed % 2), rows)  # in odd cases the last class has no row
    logits = rng.normal(0, 2, (rows, classes)).astype(np.float32).astype(float)
    logits[np.arange(rows), labels] += 1.5
    logits = np.round(logits, 4 - seed % 3)
    predictions = logits.argmax(1)
    probabilities = special.softmax(logits, axis=1)
    order = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predictions, labels=order, zero_division=np.nan)
    train = np.sort(rng.integers(1, 500, classes))[::-1]
    present = np.unique(labels)
    recalls = recall[present]
    ovr = [metrics.roc_auc_score(labels == c, probabilities[:, c]) if c in present else np.nan for c in order]
    ap = [metrics.average_precision_score(labels == c, probabilities[:, c]) if c in present else np.nan for c in order]
    top_k = top_k_accuracies(logits, labels)
    thresholds = rng.random(classes) * .4
    groups = {"head": [0, 1], "tail": [classes - 1]}
    norms = rng.random(classes) + np.log(train)
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "logits": logits.ravel().tolist(),
        "predictions": predictions.tolist(),
        "trainCounts": train.tolist(),
        "accuracy": metrics.accuracy_score(labels, predictions),
        "meanOfClasses": metrics.balanced_accuracy_score(labels, predictions),
        "precision": known(precision),
        "recall": known(recall),
        "f1": known(f1),
        "support": support.tolist(),
        "macroF1": metrics.f1_score(labels, predictions, average="macro"),
        "weightedF1": metrics.f1_score(labels, predictions, average="weighted"),
        "harmonicMean": stats.hmean(recalls),
        "geometricMean": stats.gmean(recalls),
        "cohenKappa": metrics.cohen_kappa_score(labels, predictions),
        "matthews": metrics.matthews_corrcoef(labels, predictions),
        "confusion": metrics.confusion_matrix(labels, predictions, labels=order).ravel().tolist(),
        "topK": top_k,
        "auroc": known(ovr),
        "averagePrecision": known(ap),
        "macroAuroc": np.nanmean(ovr),
        "macroAveragePrecision": np.nanmean(ap),
        "calibration": calibration(probabilities, labels),
        "groups": groups,
        "groupCalibration": {name: calibration(probabilities[np.isin(labels, own)], labels[np.isin(labels, own)])
                             for name, own in groups.items()},
        "classEce": [class_ece(probabilities[:, c], labels == c) for c in order],
        "loma": known(loma(logits, labels, c) for c in order),
        "thresholds": thresholds.tolist(),
        "coverage": coverage(probabilities, labels, thresholds, .9),
        "norms": norms.tolist(),
        "normCorrelation": stats.pearsonr(norms, np.log(train)).statistic,
        "gini": np.abs(np.subtract.outer(train, train)).mean() / (2 * train.mean()),
    }


def plain(value):
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


cases = [plain(case(seed)) for seed in range(6)]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
