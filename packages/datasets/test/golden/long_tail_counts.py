"""Class counts by the formula of LDAM's and LADE's code, in Python's arithmetic: writes long_tail_counts.json."""
import hashlib
import json
from pathlib import Path


def counts(classes, largest, factor, reverse):
    f = 1 / factor
    return [int(largest * f ** ((classes - 1 - c if reverse else c) / (classes - 1.0))) for c in range(classes)]


rows = [
    {"numClasses": classes, "largest": largest, "imbalanceFactor": factor, "reversed": reverse,
     "sum": sum(n := counts(classes, largest, factor, reverse)),
     "sha256": hashlib.sha256(",".join(map(str, n)).encode()).hexdigest()}
    for classes, largest in [(10, 5000), (100, 500), (10, 1000), (100, 100), (1000, 50), (365, 100)]
    for factor in [2, 5, 10, 20, 25, 50, 100, 200, 256, 500]
    for reverse in [False, True]
]
(Path(__file__).parent / "long_tail_counts.json").write_text("\n".join(["[", ",\n".join(map(json.dumps, rows)), "]", ""]))
