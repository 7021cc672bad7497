"""Small legal tables of many kinds, and what they hold: odd_tables.json.

    python odd_tables.py            (numpy 2.4, pandas 3.1, polars 2.1, pyarrow 26)
    python odd_tables.py --seed 7   prints the same of other values

Each file is [name, base64, columns]. A column is its dtype and the SHA-256 of its numbers, little-endian, in C order; or `text`
and that of the JSON of its values; or the word with which it is refused. Numbers that are missing are NaN.
"""
import base64
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
rng = np.random.default_rng(seed)
N = 29
INTEGERS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
WORDS = ["cat", "dog", "Zürich", "日本", "", 'a "b", c', "line\nbreak", "𝄞"]
files = []


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def numbers(values) -> list:
    values = np.ascontiguousarray(values)
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.array(np.nan, values.dtype), values)
    return [values.dtype.name, list(values.shape), digest(values.astype(values.dtype.newbyteorder("<")).tobytes())]


def texts(values) -> list:
    return ["text", [len(values)], digest(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode())]


def add(name: str, data: bytes, columns: dict) -> None:
    files.append([name, base64.b64encode(data).decode(), columns])


def parquet(name: str, table: pa.Table, columns: dict, **options) -> None:
    file = io.BytesIO()
    pq.write_table(table, file, **{"write_statistics": "1.0" in name, "store_schema": "1.0" in name} | options)
    add(f"{name}.parquet", file.getvalue(), columns)


def integers(dtype: str, n: int = N) -> np.ndarray:
    info = np.iinfo(dtype)
    values = rng.integers(info.min, info.max, n, dtype=dtype, endpoint=True)
    values[:3] = info.min, info.max, 0
    return values


def floats(dtype: str, *shape: int) -> np.ndarray:
    values = rng.standard_normal(shape).astype(dtype)
    values.flat[:4] = np.nan, np.inf, -np.inf, -0.0
    return values


def scalars() -> dict:
    columns = {dtype: integers(dtype) for dtype in INTEGERS} | {dtype: floats(dtype, N) for dtype in ("float16", "float32", "float64")}
    return columns | {"bool": rng.integers(0, 2, N).astype(bool)}


def every_type(nulls: bool) -> tuple[pa.Table, dict]:
    """A column a type; with nulls, of those that can say so."""
    made = scalars()
    words = [WORDS[i] for i in rng.integers(0, len(WORDS), N)]
    missing = rng.integers(0, 3, N) == 0
    missing[0], missing[1] = True, False
    arrays, columns = {}, {}
    for name, values in made.items():
        hole = nulls and name.startswith("float")
        arrays[name] = pa.array(values, mask=missing if hole else None)
        columns[name] = numbers(np.where(missing, np.array(np.nan, values.dtype), values) if hole else values)
    arrays["text"], columns["text"] = pa.array(words), texts(words)
    arrays["category"], columns["category"] = pa.array(words).dictionary_encode(), texts(words)
    arrays["bytes"], columns["bytes"] = pa.array([word.encode() for word in words], pa.binary()), texts(words)
    if nulls:
        arrays["holes"], columns["holes"] = pa.array(made["int32"], mask=missing), "refused"
        arrays["nothing"], columns["nothing"] = pa.array([None if hole else word for hole, word in zip(missing, words)]), "refused"
    return pa.table(arrays), columns


for i, compression in enumerate(["none", "snappy", "gzip", "brotli", "zstd", "lz4"]):
    for version in ("1.0", "2.0"):
        table, columns = every_type(nulls=version == "2.0" or i % 2 == 0)
        parquet(
            f"{compression}-{version}",
            table,
            columns,
            compression=compression,
            data_page_version=version,
            use_dictionary=i % 3 != 0,
            row_group_size=[N, 10][i % 2],
            **({"data_page_size": 32, "write_batch_size": 4} if i in (1, 4) else {}),
        )

table, columns = every_type(nulls=True)
delta = {name: "DELTA_BINARY_PACKED" for name in INTEGERS + ["holes"]}
delta |= {"text": "DELTA_BYTE_ARRAY", "bytes": "DELTA_LENGTH_BYTE_ARRAY", "nothing": "DELTA_BYTE_ARRAY", "bool": "RLE"}
delta |= {"float32": "BYTE_STREAM_SPLIT", "float64": "BYTE_STREAM_SPLIT"}
for version in ("1.0", "2.0"):
    parquet(f"delta-{version}", table, columns, use_dictionary=False, column_encoding=delta, data_page_version=version)
runs = {"int32": np.arange(700, dtype="int32") // 3, "int64": np.arange(700) ** 3, "uint8": np.repeat(np.uint8(7), 700)}
parquet(
    "delta-long",
    pa.table(runs),
    {name: numbers(values) for name, values in runs.items()},
    use_dictionary=False,
    column_encoding={name: "DELTA_BINARY_PACKED" for name in runs},
)
split = {name: values for name, values in scalars().items() if name.endswith(("32", "64", "float16"))}
parquet(
    "split",
    pa.table(split),
    {name: numbers(values) for name, values in split.items()},
    use_dictionary=False,
    use_byte_stream_split=True,
)

# Lists: of a fixed size and not, nested, of integers, halves and bools, with values and with rows missing.
for version in ("1.0", "2.0"):
    x, halves, longs = floats("float32", N, 3), floats("float16", N, 2), integers("int64", N * 2).reshape(N, 2)
    nested = floats("float64", N, 2, 3)
    arrays = {
        "fixed": pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), 3),
        "list": pa.array(list(x), pa.list_(pa.float32())),
        "large": pa.array(list(x), pa.large_list(pa.float32())),
        "halves": pa.FixedSizeListArray.from_arrays(pa.array(halves.ravel()), 2),
        "longs": pa.FixedSizeListArray.from_arrays(pa.array(longs.ravel()), 2),
        "one": pa.FixedSizeListArray.from_arrays(pa.array(x[:, 0].copy()), 1),
        "nested": pa.array(nested.tolist(), pa.list_(pa.list_(pa.float64()))),
        "fixed nested": pa.FixedSizeListArray.from_arrays(pa.FixedSizeListArray.from_arrays(pa.array(nested.ravel()), 3), 2),
        "texts": pa.array([["a", "b"]] * N),
    }
    columns = {name: numbers(x) for name in ("fixed", "list", "large")}
    columns |= {"halves": numbers(halves), "longs": numbers(longs), "one": numbers(x[:, :1])}
    columns |= {name: numbers(nested.reshape(N, 6)) for name in ("nested", "fixed nested")} | {"texts": "refused"}
    parquet(
        f"lists-{version}",
        pa.table(arrays),
        columns,
        data_page_version=version,
        row_group_size=12,
        **({"data_page_size": 64, "write_batch_size": 4} if version == "1.0" else {"use_compliant_nested_type": False}),
    )
holes = [[0.5, None], None, [1.5, 2.5], [None, None]] * 3
filled = np.array([[np.nan if v is None else v for v in row or [None, None]] for row in holes], "float32")
ragged = pa.array([[[1.0, 2.0], [3.0]], [[1.0], [2.0, 3.0]]] * 6, pa.list_(pa.list_(pa.float32())))
arrays = {"holes": pa.array(holes, pa.list_(pa.float32())), "ragged": ragged, "uneven": pa.array([[1.0], [2.0, 3.0]] * 6)}
arrays |= {"empty": pa.array([[1.0, 2.0], []] * 6)}
parquet("list-holes", pa.table(arrays), {"holes": numbers(filled), "ragged": "refused", "uneven": "refused", "empty": "refused"})

# What is neither, structs, row groups without rows, no rows, no value that may be missing.
days = pa.array([1] * 4, pa.date32())
odd = {
    "day": days,
    "time": pa.array([1] * 4, pa.timestamp("us")),
    "price": pa.array(["1.5"] * 4).cast(pa.decimal128(5, 2)),
    "map": pa.array([[("k", 1.0)]] * 4, pa.map_(pa.string(), pa.float64())),
    "struct": pa.array([{"a": i, "b": "x"} for i in range(4)]),
    "null": pa.nulls(4),
}
parquet(
    "odd",
    pa.table(odd),
    {"day": "refused", "time": "refused", "price": "refused", "struct.a": numbers(np.arange(4)), "struct.b": texts(["x"] * 4)},
)
values = scalars()
required = pa.schema([pa.field(name, pa.array(column).type, nullable=False) for name, column in values.items()])
parquet("required", pa.table(values, required), {name: numbers(column) for name, column in values.items()})
file = io.BytesIO()
with pq.ParquetWriter(file, required) as writer:
    for rows in (0, 5, 0, N - 5, 0):
        writer.write_table(pa.table(values, required).slice(0 if rows == 5 else 5, rows))
add("empty-groups.parquet", file.getvalue(), {name: numbers(column) for name, column in values.items()})
parquet("no-rows", pa.table(values).slice(0, 0), {name: numbers(column[:0]) for name, column in values.items()})

# pandas and polars.
frame = pd.DataFrame({"a": values["float32"], "label": pd.Categorical(rng.choice(["x", "y"], N))}, index=rng.permutation(N))
file = io.BytesIO()
frame.to_parquet(file)
add(
    "pandas.parquet",
    file.getvalue(),
    {"a": numbers(values["float32"]), "label": texts(frame["label"]), "__index_level_0__": numbers(frame.index.to_numpy())},
)
x = floats("float32", N, 4)
file = io.BytesIO()
pl.DataFrame(
    {"id": np.arange(N), "emb": x, "word": [WORDS[i % len(WORDS)] for i in range(N)]},
    schema_overrides={"emb": pl.Array(pl.Float32, 4), "word": pl.Categorical},
).write_parquet(file, row_group_size=8)
add(
    "polars.parquet",
    file.getvalue(),
    {"id": numbers(np.arange(N)), "emb": numbers(x), "word": texts([WORDS[i % len(WORDS)] for i in range(N)])},
)

# CSV: what a column is called and what is in it, in many dialects.
named = {"f0": floats("float64", N), "ζ, 2": floats("float64", N), "word": None}
words = [WORDS[i] for i in rng.integers(0, len(WORDS), N)]
words[0] = "cat"
columns = {"f0": numbers(named["f0"]), "ζ, 2": numbers(named["ζ, 2"]), "word": texts(words)}
frame = pd.DataFrame({**named, "word": words})
for name, options in {
    "plain": {},
    "semicolon": {"sep": ";"},
    "tab": {"sep": "\t"},
    "pipe": {"sep": "|"},
    "crlf": {"lineterminator": "\r\n"},
    "quoted": {"quoting": 1},
    "quoted-crlf": {"quoting": 2, "sep": ";", "lineterminator": "\r\n"},
}.items():
    text = frame.to_csv(index=False, na_rep="nan", **options)
    add(f"{name}.csv", text.encode(), columns)
    add(f"{name}-mark.csv", b"\xef\xbb\xbf" + text.encode().rstrip(b"\r\n"), columns)
holes = np.where(rng.integers(0, 2, N) == 0, np.nan, named["f0"])
for word in ("", "NA", "null", "None"):
    frame = pd.DataFrame({"f0": holes, "i": np.arange(N)})
    add(f"missing-{word}.csv", frame.to_csv(index=False, na_rep=word).encode(), {"f0": numbers(holes), "i": numbers(np.arange(N) * 1.0)})
bare = np.arange(3 * N).reshape(N, 3) / 4
numbered = {str(i): numbers(bare[:, i]) for i in range(3)}
for name, end in {"bare": "\n", "bare-blank-lines": "\n\n\r\n"}.items():
    add(f"{name}.csv", end.join(" , ".join(map(str, row)) for row in bare).encode(), numbered)
file = io.StringIO()
np.savetxt(file, bare, delimiter=",")
add("savetxt.csv", file.getvalue().encode(), numbered)
add("polars.csv", pl.DataFrame({"a": bare[:, 0], "b": words}).write_csv().encode(), {"a": numbers(bare[:, 0]), "b": texts(words)})

if len(sys.argv) > 2:
    print(json.dumps(files))
else:
    lines = ",\n".join(json.dumps(file, ensure_ascii=False) for file in files)
    Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
