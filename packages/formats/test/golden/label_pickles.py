"""Writes label_pickles.json: pickles of features and their labels as Python programs keep them, and arrays that are no
numbers, all in base64 by their names. Run it as `python label_pickles.py`, with NumPy."""

import base64
import io
import json
import pathlib
import pickle

import numpy as np

feats = np.array([[0.5], [1.5], [2.5]], np.float32)
labels = {
    "list": ["owl", "cat", "owl"],
    "tuple": ("owl", "cat", "owl"),
    "numpy": np.array(["owl", "cat", "owl"]),
    "bytes": np.array([b"owl", b"cat", b"owl"]),
    "numbers": (2, 0, 1),
    "mixed": ["owl", 1, "owl"],
    "blank": ["owl", "", "owl"],
    "objects": np.array(["owl", "cat", "owl"], object),
}
files = {
    f"{name}-{protocol}.pkl": pickle.dumps({"feats": feats, "labels": value}, protocol)
    for name, value in labels.items()
    for protocol in (2, 5)
}
for name, array in {
    "objects": np.array(["owl", "cat"], object),
    "dates": np.array(["2020-01-01", "2021-01-01"], "M8[ns]"),
    "spans": np.array([1, 2], "m8[s]"),
    "complex": np.array([[1 + 2j, 3]]),
    "records": np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "flat": np.zeros(3, np.float32),
}.items():
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    files[f"{name}.npy"] = file.getvalue()

text = {name: base64.b64encode(data).decode() for name, data in files.items()}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(text, indent=2) + "\n")
