"""Small files in the formats of CIFAR's archives: `python cifar_batches.py` writes cifar/.

The published python archives were pickled by Python 2, whose strings are bytes; Python 3 writes other operations, so
its pickler is told to write strings as Python 2 did.
"""
import io
import json
import pickle
from pathlib import Path
from struct import pack

import numpy as np

HERE = Path(__file__).parent / "cifar"
HERE.mkdir(exist_ok=True)


class Python2Pickler(pickle._Pickler):
    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, text):
        data = text.encode("latin1") if isinstance(text, str) else text
        self.write(b"U" + pack("<B", len(data)) + data if len(data) < 256 else b"T" + pack("<i", len(data)) + data)
        self.memoize(text)

    dispatch[str] = save_string
    dispatch[bytes] = save_string


def python2(value):
    out = io.BytesIO()
    Python2Pickler(out, protocol=2).dump(value)
    assert pickle.loads(out.getvalue(), encoding="latin1").keys() == value.keys()
    return out.getvalue()


rng = np.random.RandomState(0)
data = rng.randint(0, 256, (3, 3072)).astype(np.uint8)
files = [f"picture_{i}.png" for i in range(3)]
ten = {"data": data, "labels": [9, 0, 4], "batch_label": "training batch 1 of 5", "filenames": files}
hundred = {"filenames": files, "batch_label": "b", "fine_labels": [99, 0, 42], "coarse_labels": [13, 0, 7], "data": data}
for name, batch in {"ten": ten, "hundred": hundred}.items():
    (HERE / f"{name}_py2.pickle").write_bytes(python2(batch))
    (HERE / f"{name}_py3.pickle").write_bytes(pickle.dumps(batch, protocol=4))
(HERE / "ten.bin").write_bytes(b"".join(bytes([label]) + row.tobytes() for label, row in zip(ten["labels"], data)))
(HERE / "hundred.bin").write_bytes(
    b"".join(bytes([c, f]) + row.tobytes() for c, f, row in zip(hundred["coarse_labels"], hundred["fine_labels"], data))
)
# What torchvision makes of a row: height, width, channels.
pictures = data.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
(HERE / "pixels.json").write_text(
    json.dumps({"first": pictures[:, 0, 0].tolist(), "inner": pictures[:, 5, 17].tolist(), "last": pictures[:, -1, -1].tolist()})
)
