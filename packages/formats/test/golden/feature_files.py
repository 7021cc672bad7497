"""The same 40 rows of 6 features, with labels, in every format: features/*, and what they hold: features/expected.json.

    python feature_files.py            (numpy 2.4, pyarrow 26)

Features are multiples of 1/64 below 8 in size, exact in each of the float types.
"""
import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

out = Path(__file__).parent / "features"
out.mkdir(exist_ok=True)
rng = np.random.default_rng(0)
features = (rng.integers(-512, 512, (40, 6)) / 64).astype(np.float32)
labels = rng.integers(0, 9, 40)
(out / "expected.json").write_text(
    json.dumps({"features": features.ravel().tolist(), "labels": labels.tolist()})
)

# .npy: each float type, big-endian, versions 2 and 3, more than two dimensions; and what is refused.
for name, dtype in {"f2": "<f2", "f4": "<f4", "f8": "<f8", "f4-big": ">f4", "f2-big": ">f2", "f8-big": ">f8"}.items():
    np.save(out / f"{name}.npy", features.astype(dtype))
np.save(out / "pooled.npy", features.reshape(40, 6, 1, 1))
for version in (2, 3):
    with open(out / f"version-{version}.npy", "wb") as file:
        np.lib.format.write_array(file, features, version=(version, 0))
np.save(out / "fortran.npy", np.asfortranarray(features))
np.save(out / "complex.npy", features.astype(np.complex64))
np.save(out / "record.npy", np.zeros(3, [("a", "f4"), ("b", "i4")]))
for name, dtype in {"i1": "i1", "u2-big": ">u2", "i4": "<i4", "i8": "<i8", "i8-big": ">i8", "u8": "<u8"}.items():
    np.save(out / f"labels-{name}.npy", labels.astype(dtype))

# .npz: stored, with the sizes in zip64 fields, deflated.
np.savez(out / "stored.npz", feats=features.astype(np.float16), labels=labels, idxs=np.arange(40))
zipfile.ZIP64_LIMIT = 16
np.savez(out / "zip64.npz", feats=features, labels=labels)
zipfile.ZIP64_LIMIT = 2**31 - 1
np.savez_compressed(out / "deflated.npz", feats=features, labels=labels)

# Pickles of the official shape, in each protocol; with other things beside; big-endian; without a dict.
dump = {"feats": features, "labels": labels, "idxs": np.arange(40)}
for protocol in (2, 3, 4, 5):
    (out / f"protocol-{protocol}.pkl").write_bytes(pickle.dumps(dump, protocol))
more = {"epoch": 3, "best": np.float32(0.5), "paths": ["a/b.jpg"] * 40, "nested": {"t": (1, 2.5, None, True, 2**40)}}
more |= {"embeddings": features.astype(">f8"), "y": labels.astype(">i4")}
(out / "more.pkl").write_bytes(pickle.dumps(more, 4))
(out / "array.pkl").write_bytes(pickle.dumps(features, 5))
(out / "fortran.pkl").write_bytes(pickle.dumps({"feats": np.asfortranarray(features)}, 4))


class Call:
    def __reduce__(self):
        return (print, ("executed",))


(out / "call.pkl").write_bytes(pickle.dumps({"feats": features, "labels": Call()}, 4))

# safetensors, written by hand: half floats, then int64 labels, an unknown type beside.
half, longs = features.astype("<f2").tobytes(), labels.astype("<i8").tobytes()
ends = np.cumsum([0, len(half), len(longs), 4]).tolist()
header = {
    "__metadata__": {"by": "hand"},
    "features": {"dtype": "F16", "shape": [40, 6], "data_offsets": ends[0:2]},
    "labels": {"dtype": "I64", "shape": [40], "data_offsets": ends[1:3]},
    "other": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": ends[2:4]},
}
text = json.dumps(header).encode()
(out / "half.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + half + longs + bytes(4))
upper = (features.view("<u4") >> 16).astype("<u2").tobytes()
text = json.dumps({"x": {"dtype": "BF16", "shape": [40, 6], "data_offsets": [0, len(upper)]}}).encode()
(out / "bfloat.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + upper)

# Parquet: lists and columns, row groups of 16, each codec, both versions of pages, half floats, nulls.
lists = pa.FixedSizeListArray.from_arrays(pa.array(features.ravel()), 6)
varying = pa.array(features.tolist(), pa.list_(pa.float32()))
for name, column, options in [
    ("fixed", lists, {"compression": "snappy"}),
    ("lists", varying, {"compression": "zstd", "data_page_version": "2.0"}),
    ("indexed", varying, {"compression": "none", "write_page_index": True, "use_dictionary": False}),
    ("pages", varying, {"compression": "snappy", "data_page_size": 64, "write_batch_size": 4, "use_dictionary": False}),
    ("split", varying, {"data_page_version": "2.0", "use_dictionary": ["path"], "use_byte_stream_split": ["features.list.element"]}),
]:
    table = pa.table({"path": [f"{i}.jpg" for i in range(40)], "features": column, "label": labels})
    pq.write_table(table, out / f"{name}.parquet", row_group_size=16, **options)
columns = {f"f{i}": features[:, i] for i in range(6)}
pq.write_table(pa.table(columns | {"label": labels}), out / "columns.parquet", row_group_size=16, compression="gzip")
halves = {f"f{i}": features[:, i].astype(np.float16) for i in range(6)}
pq.write_table(pa.table(halves | {"label": labels.astype("i1")}), out / "halves.parquet", compression="brotli")
unsigned = {f"f{i}": features[:, i].astype(np.float64) for i in range(6)} | {"y": labels.astype("u4")}
schema = pa.schema([pa.field(name, pa.array(column).type, nullable=False) for name, column in unsigned.items()])
pq.write_table(pa.table(unsigned, schema), out / "doubles.parquet", compression="zstd", use_dictionary=["f0", "y"])
pq.write_table(pa.table({"f0": [0.5, None, 1.5], "label": [1, 2, 3]}), out / "null.parquet")
ragged = pa.array([[1.0, 2.0], [3.0]], pa.list_(pa.float32()))
pq.write_table(pa.table({"features": ragged}), out / "ragged.parquet")
pq.write_table(pa.table({"f0": [1.0]}), out / "lz4.parquet", compression="lz4")
days = pa.array([1, 2], pa.date32())
pq.write_table(pa.table({"f0": [1.0, 2.0], "day": days, "s": [{"a": 1, "b": 2}] * 2}), out / "others.parquet")
pq.write_table(
    pa.table({"n": pa.array([1, 2], pa.int64())}),
    out / "delta.parquet",
    use_dictionary=False,
    column_encoding={"n": "DELTA_BINARY_PACKED"},
)

# Snappy by itself: literals of each kind of length, copies near and far, overlapping.
parts = [rng.bytes(n) for n in (1, 59, 60, 61, 255, 256, 257, 3000)]
parts += [b"ab" * 40, parts[-1][:100], b"\0" * 500, parts[3] * 3]
whole = b"".join(parts)
(out / "snappy.json").write_text(
    json.dumps({"whole": whole.hex(), "compressed": pa.Codec("snappy").compress(whole, asbytes=True).hex()})
)
