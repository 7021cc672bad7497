"""Whether pandas and pyarrow read a table as it was written: FOLDER/table.csv and table.parquet against FOLDER/*.npy, exactly.

    python written_tables.py FOLDER            (numpy 2.4, pandas 3.1, pyarrow 26)

Prints the SHA-256 of both files as JSON: written_tables.json is what it printed of the test's own.
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
words = json.loads((folder / "words.json").read_text())
csv = pd.read_csv(folder / "table.csv", keep_default_na=False, na_values=["nan"])
file = pq.ParquetFile(folder / "table.parquet")
parquet = file.read()
assert file.metadata.num_row_groups == 2 and file.metadata.metadata[b"made"] == "für Tests".encode()
assert parquet["words"].to_pylist() == words and csv["words"].tolist() == words
for path in folder.glob("*.npy"):
    name, expected = path.stem, np.load(path)
    column = parquet[name].combine_chunks()
    lists = expected.ndim == 2
    values = (column.flatten() if lists else column).to_numpy(zero_copy_only=False)
    assert values.dtype == expected.dtype, (name, values.dtype)
    assert values.tobytes() == expected.tobytes(), name
    columns = [f"{name}_{i}" for i in range(expected.shape[1])] if lists else [name]
    read = csv[columns].to_numpy().reshape(expected.shape)
    assert np.array_equal(read.astype(expected.dtype), expected, equal_nan=expected.dtype.kind == "f"), name
print(json.dumps({name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("table.csv", "table.parquet")}))
