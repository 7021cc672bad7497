"""Features and labels of two parts in one file, labels as names; the test part lacks one of three. Writes parts-of-names.npz."""

from pathlib import Path

import numpy as np

rows = np.arange(10, dtype=np.float32).reshape(5, 2)
np.savez(
    Path(__file__).with_suffix(".npz"),
    **{
        "train.features": rows[:3],
        "train.labels": np.array(["wren", "auk", "tit"]),
        "test.features": rows[3:],
        "test.labels": np.array(["tit", "wren"]),
    },
)

# Fewer splits than rows.
np.savez(
    Path(__file__).with_name("short-split.npz"),
    features=np.arange(8, dtype=np.float32).reshape(4, 2),
    labels=np.array(["auk", "wren", "auk", "wren"]),
    split=np.array(["train", "train", "test"]),
)
