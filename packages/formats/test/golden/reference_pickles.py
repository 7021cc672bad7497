"""What NumPy reads from the official code's feature dumps: reference_pickles.json.

    python reference_pickles.py SHARED/reference            (numpy 2.4)
"""
import json
import pickle
import sys
from pathlib import Path

import numpy as np

expected = {}
for name in ("trainfeat_all", "testfeat_all"):
    dump = pickle.loads((Path(sys.argv[1]) / f"{name}.pkl").read_bytes())
    feats, labels = dump["feats"], dump["labels"]
    assert feats.dtype == np.float32 and labels.dtype == np.int64
    expected[name] = {
        "shape": feats.shape,
        "sum": float(feats.sum(dtype=np.float64)),
        "rowSums": feats[::500].sum(1, dtype=np.float64).tolist(),
        "lastRow": feats[-1].tolist(),
        "labelSum": int(labels.sum()),
        "labelCounts": np.bincount(labels).tolist(),
        "firstLabels": labels[:20].tolist(),
    }
Path(__file__).with_name("reference_pickles.json").write_text(json.dumps(expected, indent=1) + "\n")
