"""Legal and odd files of arrays, each with what NumPy and safetensors read from it, as one JSON: odd_arrays.json.

    python odd_arrays.py [seed] > odd_arrays.json            (numpy 2.4, safetensors 0.7)

A file: {name, bytes (base64), arrays: {name: {dtype, shape, sha256}}}; sha256 is of the elements in C order, little-endian;
null for an array that holds no numbers, or none that JavaScript has.
"""
import base64
import hashlib
import io
import json
import pickle
import sys
import zipfile

import numpy as np
from safetensors.numpy import save as save_safetensors

seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
rng = np.random.default_rng(seed)
NUMBERS = ["b1", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8", ">u8"]
NUMBERS += ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
OTHERS = ["<c8", "<c16", "S4", "<U3", "<M8[s]", "<m8[ms]", [("a", "<f4"), ("b", "<i2", (2,))]]
SHAPES = [(), (1,), (0,), (7,), (3, 4), (4, 1), (0, 5), (5, 0), (2, 3, 4), (2, 1, 3, 2), (1,) * 12]
files = []


def expected(array):
    if array.dtype.kind not in "biuf":
        return None
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
    }


def add(name, data, arrays):
    found = {key: expected(np.asarray(array)) for key, array in arrays.items()}
    files.append({"name": name, "bytes": base64.b64encode(data).decode(), "arrays": found})


def drawn(dtype, shape):
    dtype = np.dtype(dtype)
    size = int(np.prod(shape)) * dtype.itemsize
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind == "U":
        return rng.integers(0, 999, shape).astype(dtype)
    # Any bits: NaNs, infinities and subnormal numbers among the floats.
    return np.frombuffer(rng.bytes(size), dtype).reshape(shape)


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


for i, dtype in enumerate(NUMBERS):
    for shape in [SHAPES[i % len(SHAPES)], SHAPES[(i * 7 + 3) % len(SHAPES)], (3, 4)]:
        array = drawn(dtype, shape)
        add(f"{array.dtype.name}-{len(files)}.npy", npy(array), {"": array})
        if array.ndim > 1:
            add(f"fortran-{len(files)}.npy", npy(np.asfortranarray(array)), {"": array})
for dtype in OTHERS:
    add(f"other-{len(files)}.npy", npy(drawn(dtype, (3,))), {"": drawn(dtype, (3,))})
for version in [(1, 0), (2, 0), (3, 0)]:
    array = drawn("<f4", (4, 3))
    add(f"version-{version[0]}.npy", npy(array, version), {"": array})
array = drawn("<f4", (2, 3))
# Headers that other writers make: double quotes, no spaces, no trailing comma, padding of another length.
for header in [
    '{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}\n',
    "{'shape':(2,3),'fortran_order':False,'descr':'<f4'}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + " " * 200 + "\n",
]:
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + array.tobytes()
    add(f"header-{len(files)}.npy", data, {"": array})

for save in (np.savez, np.savez_compressed):
    many = {f"a{i}": drawn(dtype, SHAPES[i % len(SHAPES)]) for i, dtype in enumerate(NUMBERS)}
    out = io.BytesIO()
    save(out, **many)
    add(f"{save.__name__}-many.npz", out.getvalue(), many)
    for names in [["X", "y"], ["arr_0"], ["größe", "a b", "folder/inner"]]:
        some = {name: np.asfortranarray(drawn("<f4", (5, 3))) for name in names}
        out = io.BytesIO()
        save(out, **some)
        add(f"{save.__name__}-{len(files)}.npz", out.getvalue(), some)
for kind, method in {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}.items():
    # Beside others, with a comment, and written as a stream (sizes behind the data).
    out, array = io.BytesIO(), drawn("<f8", (6, 2))
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = b"made elsewhere"
        archive.writestr("readme.txt", "not an array")
        with archive.open("streamed.npy", "w", force_zip64=True) as member:
            member.write(npy(array))
        archive.writestr("folder/x.npy", npy(array[::2]))
    add(f"{kind}.npz", out.getvalue(), {"streamed": array, "folder/x": array[::2]})

for protocol in (2, 3, 4, 5):
    for dtype in NUMBERS[:: 3 if protocol != 4 else 1]:
        some = {"feats": drawn(dtype, (3, 4)), "labels": rng.integers(0, 9, 3)}
        some |= {"turned": np.asfortranarray(some["feats"]), "list": [3, 1, 2], "floats": [0.5, 2.0]}
        some |= {"scalars": [np.int64(7), np.float32(0.25)], "epoch": 3, "name": "x"}
        if protocol > 2:  # protocol 2 of Python 3 spells bytes as text, which is refused
            arrays = {k: v for k, v in some.items() if isinstance(v, (np.ndarray, list))}
            arrays["list"] = np.asarray([3, 1, 2])
            arrays["scalars"] = np.asarray([7, 0.25])
            arrays |= {"epoch": np.asarray("x"), "name": np.asarray("x")}
            add(f"protocol-{protocol}-{len(files)}.pkl", pickle.dumps(some, protocol), arrays)

plain = {name: drawn(name, (2, 3)) for name in NUMBERS if ">" not in name}
add("plain.safetensors", save_safetensors(plain), plain)
for shape in SHAPES:
    some = {"x": drawn("<f2", shape), "y": drawn("<i8", shape)}
    add(f"shape-{len(files)}.safetensors", save_safetensors(some, {"format": "pt", "ünicode": "ß"}), some)

json.dump({"seed": seed, "files": files}, sys.stdout, ensure_ascii=False, separators=(",", ":"))
