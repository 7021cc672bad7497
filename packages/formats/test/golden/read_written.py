"""What PyTorch, NumPy and safetensors find in the files that are written here: JSON of file to array to type, shape and
elements in C order as hexadecimal, little-endian.

    python read_written.py FILE ...    (torch 2.15, numpy 2.4, safetensors 0.8)
"""
import json
import sys

import numpy as np
import torch
from safetensors.torch import load_file


def described(array):
    if isinstance(array, np.ndarray):
        return {"dtype": array.dtype.name, "shape": list(array.shape), "hex": array.tobytes().hex()}
    bits = array.reshape(-1).view(torch.uint8) if array.numel() else torch.zeros(0, dtype=torch.uint8)
    return {"dtype": str(array.dtype).removeprefix("torch."), "shape": list(array.shape), "hex": bytes(bits.tolist()).hex()}


def read(path):
    if path.endswith(".npy"):
        return {"": described(np.load(path))}
    if path.endswith(".safetensors"):
        return {name: described(array) for name, array in load_file(path).items()}
    found = [torch.load(path, weights_only=True, mmap=mapped) for mapped in (False, True)]
    whole, mapped = ({name: described(array) for name, array in arrays.items()} for arrays in found)
    assert whole == mapped
    # Mapped tensors are aligned for vector instructions.
    assert all(array.data_ptr() % 64 == 0 for array in found[1].values() if array.numel())
    return whole


print(json.dumps({path: read(path) for path in sys.argv[1:]}))
