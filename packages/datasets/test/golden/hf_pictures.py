"""Pictures in Parquet as Hugging Face's datasets writes them: hf-0.parquet, hf-1.parquet, and their pixels: hf_pictures.json.
hf-paths.parquet names files beside it, and holds no bytes.

    python hf_pictures.py            (numpy 2.4, Pillow 12, pyarrow 26)
"""
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

out = Path(__file__).parent
rng = np.random.default_rng(0)
pixels = rng.integers(0, 256, (7, 4, 5, 3), dtype=np.uint8)
labels = [2, 0, 1, 2, 2, 0, 1]
names = ["cat", "dog", "ox"]
features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}


def png(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "png")
    return file.getvalue()


for shard, (start, end) in enumerate([(0, 4), (4, 7)]):
    rows = range(start, end)
    image = pa.array([{"bytes": png(pixels[i]), "path": f"{i}.png"} for i in rows])
    table = pa.table({"image": image, "label": pa.array([labels[i] for i in rows]), "word": [names[labels[i]] for i in rows]})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, out / f"hf-{shard}.parquet", row_group_size=2)
paths = pa.table({"image": [{"bytes": None, "path": "0.png"}], "label": [0]}, pa.schema([("image", image.type), ("label", pa.int64())]))
pq.write_table(paths, out / "hf-paths.parquet", store_schema=False)
Path(out / "hf_pictures.json").write_text(json.dumps({"pixels": pixels.reshape(7, -1).tolist(), "labels": labels, "names": names}))
