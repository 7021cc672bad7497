"""Checkpoints of every kind, small, in PyTorch's zip and in its legacy format: torch/*, and what they hold:
torch/expected.json.

    python torch_files.py              (torch 2.15, numpy 2.4)

Of each tensor: name, dtype, shape and elements in C order as hexadecimal, little-endian.
"""
import argparse
import io
import json
import pathlib
import warnings
import zipfile
from collections import Counter, OrderedDict, defaultdict

import numpy as np
import torch
from torch import nn

out = pathlib.Path(__file__).parent / "torch"


def described(tensor):
    plain = tensor.detach().contiguous()
    bits = plain.reshape(-1).view(torch.uint8) if plain.numel() else torch.zeros(0, dtype=torch.uint8)
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "hex": bytes(bits.tolist()).hex(),
    }


def tensors(value, name=""):
    """The tensors in dicts, lists and tuples, by keys and positions joined by dots."""
    if isinstance(value, torch.Tensor):
        return {name: described(value)}
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    found = {}
    for key, child in pairs:
        found |= tensors(child, f"{name}.{key}" if name else str(key))
    return found


def types():
    of = torch.tensor
    numbers = {
        "float16": of([0.5, -0.0, float("inf"), 6e-8], dtype=torch.float16),
        "bfloat16": of([0.5, 3.140625, float("-inf"), 1e-38], dtype=torch.bfloat16),
        "float32": of([0.1, -2.5, float("nan"), 1e-45]),
        "float64": of([0.1, -2.5, 1e300], dtype=torch.float64),
        "bool": of([[True, False], [False, True]]),
    }
    for bits in (8, 16, 32, 64):
        signed, unsigned = getattr(torch, f"int{bits}"), getattr(torch, f"uint{bits}")
        numbers[f"int{bits}"] = of([-(2 ** (bits - 1)), -1, 2 ** (bits - 1) - 1], dtype=signed)
        numbers[f"uint{bits}"] = torch.from_numpy(np.array([0, 1, 2**bits - 1], f"u{bits // 8}")).to(unsigned)
    return numbers


def others():
    return {
        "complex64": torch.tensor([1 + 2j, 3 - 4j]),
        "float8": torch.tensor([0.5, 2.0]).to(torch.float8_e4m3fn),
        "quantised": torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.1, 3, torch.qint8),
        "sparse": torch.eye(3).to_sparse(),
        "negated": torch.tensor([1 + 2j, 3 - 4j]).conj().imag,
        "meta": torch.empty(5, device="meta"),
        "float32": torch.tensor([1.5]),
    }


def views():
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
    return {
        "whole": base,
        "transposed": base.transpose(0, 2),
        "sliced": base[1:, ::2, 3:],
        "row": base[2, 1],
        "expanded": torch.tensor([7, 9], dtype=torch.int16)[:, None].expand(2, 3),
        "channels last": torch.arange(24, dtype=torch.int32).reshape(2, 3, 2, 2).to(memory_format=torch.channels_last),
        "scalar": torch.tensor(3.5, dtype=torch.float64),
        "empty": torch.zeros(0, 4),
        "empty slice": base[3:],
        "diagonal": torch.arange(9, dtype=torch.uint8).reshape(3, 3).diagonal(),
        "parameter": nn.Parameter(torch.tensor([[1.0, 2.0]])),
        "untyped": {"a": torch.tensor([1, 2, 3], dtype=torch.uint16)[1:]},
    }


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(2)
        self.heads = nn.ModuleList([nn.Linear(2, 3)])

    def forward(self, x):
        return self.heads[0](self.bn(self.conv(x)).mean((2, 3)))


class Settings:
    def __init__(self):
        self.margin, self.table = 0.5, torch.tensor([1, 2, 3])


def trained():
    torch.manual_seed(0)
    model = Small()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(2):
        model(torch.randn(4, 1, 5, 5)).square().sum().backward()
        optimiser.step()
    return model, optimiser


def training():
    model, optimiser = trained()
    return {
        "epoch": 90,
        "seed": 2**62 + 1,
        "best": np.float64(0.625),
        "top1": np.float32(33.0),
        "accuracy": 66.0,
        "done": False,
        "arch": "small",
        "nothing": None,
        "state_dict": model.state_dict(),
        "optimizer": optimiser.state_dict(),
        "counts": np.array([[50, 5], [3, 1]]),
        "prior": np.array([0.5, 0.25], ">f4"),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "objects": np.array([{}, None], object),
        "losses": [2.5, 1.0, 0.5],
        "classes": ["cat", "dog"],
        "milestones": Counter({160: 1, 180: 1}),
        "groups": {"few", "many"},
        "by_class": defaultdict(list, {0: [1, 2]}),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "size": torch.Size([2, 3]),
        "huge": 10**30,
        "args": argparse.Namespace(lr=0.1, data="images", layers=(3, 4)),
        "settings": Settings(),
        "path": pathlib.PurePosixPath("runs/1"),
        "loss": nn.functional.cross_entropy,
    }


def rewritten(name, to, method=zipfile.ZIP_STORED, change=lambda name, data: data):
    with zipfile.ZipFile(out / name) as old, zipfile.ZipFile(out / to, "w", method) as new:
        for entry in old.infolist():
            # A name of its own instead of the writer's.
            new.writestr("archive/" + entry.filename.split("/", 1)[1], change(entry.filename, old.read(entry)))


def without_source(*_):
    """The legacy format keeps the source code of a model's classes, and where it lay, where it can be found."""
    raise OSError


def write():
    out.mkdir(exist_ok=True)
    torch.serialization.get_source_lines_and_file = without_source
    expected = {}
    for name, value in {"types": types(), "views": views(), "training": training(), "others": others()}.items():
        for legacy in (False, True):
            path = out / f"{name}{'-legacy.pt' if legacy else '.pth'}"
            torch.save(value, path, _use_new_zipfile_serialization=not legacy)
            if name == "others":
                continue
            expected[path.name] = tensors(value)
            # PyTorch itself cannot read the untyped storages that it writes in the legacy format.
            assert legacy or tensors(torch.load(path, weights_only=False)) == expected[path.name]
            if name == "training":  # an instance's attribute
                expected[path.name]["settings.table"] = described(value["settings"].table)
    torch.save(views(), out / "protocol-4.pth", pickle_protocol=4)
    expected["protocol-4.pth"] = tensors(views())
    for tensor_file, value in {"tensor.pt": views()["transposed"], "tuple.pt": (torch.ones(2), torch.arange(3))}.items():
        torch.save(value, out / tensor_file)
        expected[tensor_file] = tensors(value)
    for name, legacy in {"model.pth": False, "model-legacy.pt": True}.items():
        torch.save(trained()[0], out / name, _use_new_zipfile_serialization=not legacy)
        expected[name] = tensors(trained()[0].state_dict())
    rewritten("views.pth", "deflated.pth", zipfile.ZIP_DEFLATED)
    expected["deflated.pth"] = tensors(views())

    # Big-endian: each storage is swapped by the size of its elements.
    swapped = types()
    sizes = [tensor.element_size() for tensor in swapped.values()]

    def swap(name, data):
        if name.endswith("/byteorder"):
            return b"big"
        if "/data/" not in name:
            return data
        size = sizes[int(name.rsplit("/", 1)[1])]
        return b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))

    rewritten("types.pth", "big.pth", change=swap)
    expected["big.pth"] = tensors(types())
    loaded = tensors(torch.load(out / "big.pth"))
    # PyTorch swaps untyped storages by single bytes, which leaves uint16, 32 and 64 as they are.
    assert all(loaded[key] == value for key, value in expected["big.pth"].items() if key not in ("uint16", "uint32", "uint64"))
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Linear(1, 1)), buffer)
    (out / "script.pt").write_bytes(buffer.getvalue())
    (out / "expected.json").write_text(json.dumps(expected, indent=0) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write()
