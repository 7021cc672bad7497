"""The scores of works.ts by NumPy and scikit-learn: see turns/serve.py."""
import json
import sys

import numpy as np
from sklearn import metrics

from serve import serve

work = json.loads(sys.argv[1])[0]
rows, classes, chunk = work["rows"], work["numClasses"], work["chunk"]
scores = np.fromfile(work["path"], np.float32).reshape(rows, classes)
counts = 2 + np.trunc(998 * np.exp(-np.arange(classes) / 420))
labels = np.arange(rows) % classes
predictions = scores.argmax(1)
parts = [slice(row, row + chunk) for row in range(0, rows, chunk)]


def groups_of(predictions):
    hits = predictions == labels
    support = np.bincount(labels, minlength=classes)
    recall = np.bincount(labels, hits, classes) / support
    many, few = counts > 100, counts < 20
    return hits.mean(), recall[many].mean(), recall[~many & ~few].mean(), recall[few].mean(), recall.mean()


def groups_of_scores():
    return groups_of(np.concatenate([scores[part].argmax(1) for part in parts]))


def top_k():
    ranks = [(scores[part] > np.take_along_axis(scores[part], labels[part, None], 1)).sum(1) for part in parts]
    ranks = np.concatenate(ranks)
    return (ranks < 1).mean(), (ranks < 5).mean()


def softmax(part):
    logits = scores[part].astype(np.float64)
    logits -= logits.max(1, keepdims=True)
    np.exp(logits, logits)
    logits /= logits.sum(1, keepdims=True)
    return logits


def binned(values, hits, bins=15):
    places = np.clip(np.ceil(values * bins).astype(int) - 1, 0, bins - 1)
    return np.abs(np.bincount(places, hits, bins) - np.bincount(places, values, bins)).sum()


def calibration():
    confidences, hits, nll, brier = [], [], 0, 0
    for part in parts:
        probabilities, own = softmax(part), labels[part]
        true = probabilities[np.arange(len(own)), own]
        confidences.append(probabilities.max(1))
        hits.append(probabilities.argmax(1) == own)
        nll -= np.log(true).sum()
        brier += (probabilities**2).sum() - (true**2).sum() + ((1 - true) ** 2).sum()
    return binned(np.concatenate(confidences), np.concatenate(hits)) / rows, nll / rows, brier / rows


def class_calibration(bins=15):
    gaps = np.zeros(classes * bins)
    for part in parts:
        probabilities, own = softmax(part), labels[part]
        places = np.clip(np.ceil(probabilities * bins).astype(int) - 1, 0, bins - 1) + np.arange(classes) * bins
        gaps -= np.bincount(places.ravel(), probabilities.ravel(), len(gaps))
        gaps += np.bincount(places[np.arange(len(own)), own], minlength=len(gaps))
    return np.abs(gaps).sum() / rows / classes


WAYS = {
    "accuracy and groups, of predictions": lambda: groups_of(predictions),
    "accuracy and groups, of scores": groups_of_scores,
    "macro-F1": lambda: metrics.f1_score(labels, predictions, average="macro"),
    "confusion matrix": lambda: metrics.confusion_matrix(labels, predictions, labels=np.arange(classes)),
    "top-1 and top-5, of scores": top_k,
    "ECE, NLL and Brier, of logits": calibration,
    "class-wise ECE, of logits": class_calibration,
}
serve(lambda work: [WAYS[work["name"]]])
