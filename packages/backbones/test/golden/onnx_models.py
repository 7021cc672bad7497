"""Writes small models into onnx/ beside it, and in onnx.json what onnxruntime computes with each: python onnx_models.py

Needs numpy, onnx and onnxruntime (written with 1.23.2 and 1.32.0). Each model is conv 3x3 stride 2, ReLU, mean over the
places. The five pictures are bytes: (7 i i + 13 i) mod 251 over the NHWC index i, so that no file has to carry them.
"""
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HEIGHT, WIDTH, D = 12, 10, 4
folder = pathlib.Path(__file__).parent / "onnx"
random = np.random.default_rng(0)
FILTERS = random.normal(0, 0.3, (D, 3, 3, 3)).astype(np.float32)
BIAS = random.normal(0, 0.3, D).astype(np.float32)
i = np.arange(5 * HEIGHT * WIDTH * 3, dtype=np.int64)
PICTURES = ((7 * i * i + 13 * i) % 251).astype(np.uint8).reshape(5, HEIGHT, WIDTH, 3)
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
NCHW = ["batch", 3, HEIGHT, WIDTH]

node = helper.make_node
POOL = [node("GlobalAveragePool", ["map"], ["pooled"]), node("Flatten", ["pooled"], ["features"])]
TOKENS = [
    node("Reshape", ["map", "tokens_shape"], ["columns"]),
    node("Transpose", ["columns"], ["tokens"], perm=[0, 2, 1]),
]
LOGITS = [node("MatMul", ["features", "head"], ["logits"])]


def write(name, shape=NCHW, *, before=(), after=POOL, outputs=(("features", ["batch", D]),), kind="float32",
          metadata=None, inputs=(), filters=FILTERS):
    """One model: `before` turns the input `images` into `nchw`, `after` the map into the outputs."""
    real = np.float16 if kind == "float16" else np.float32
    element = {"float16": TensorProto.FLOAT16, "float32": TensorProto.FLOAT, "uint8": TensorProto.UINT8}[kind]
    nodes = [
        *(before or [node("Identity", ["images"], ["nchw"])]),
        node("Conv", ["nchw", "filters", "bias"], ["conv"], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Relu", ["conv"], ["map"]),
        *after,
    ]
    constants = {
        "filters": filters.astype(real),
        "bias": BIAS.astype(real),
        "head": np.eye(D, 3, dtype=real),
        "tokens_shape": np.array([0, D, -1], np.int64),
        "one": np.array([1, D], np.int64),
        "picture": np.array([1, 3, HEIGHT, WIDTH], np.int64),
        "scale": np.array(1 / 64, np.float32),
    }
    used = {name for each in nodes for name in each.input}
    out = TensorProto.FLOAT16 if kind == "float16" else TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("images", element, shape), *inputs],
        [helper.make_tensor_value_info(key, out, dims) for key, dims in outputs],
        [numpy_helper.from_array(value, key) for key, value in constants.items() if key in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    for key, value in (metadata or {}).items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, folder / f"{name}.onnx")


def expected(name, *, nhwc=False, kind="float32", statistics=IMAGENET, output="features", batch=5, reduce=None):
    """Features of the five pictures, `batch` at a time, the last ones filled up with zeros."""
    session = onnxruntime.InferenceSession(folder / f"{name}.onnx", providers=["CPUExecutionProvider"])
    images = PICTURES
    if kind != "uint8":
        mean, std = (np.array(values, np.float32) for values in statistics)
        images = ((PICTURES / np.float32(255) - mean) / std).astype(kind)
    if not nhwc:
        images = images.transpose(0, 3, 1, 2)
    images = np.concatenate([images, np.zeros((-5 % batch, *images.shape[1:]), images.dtype)])
    runs = [session.run([output], {"images": images[at : at + batch]})[0] for at in range(0, len(images), batch)]
    features = np.concatenate(runs)[:5].astype(np.float64)
    return (reduce(features) if reduce else features).reshape(5, -1).round(6).tolist()


TO_NCHW = [node("Transpose", ["images"], ["nchw"], perm=[0, 3, 1, 2])]
FROM_BYTES = [
    node("Cast", ["images"], ["floats"], to=TensorProto.FLOAT),
    node("Mul", ["floats", "scale"], ["scaled"]),
    node("Transpose", ["scaled"], ["nchw"], perm=[0, 3, 1, 2]),
]
NHWC = ["batch", HEIGHT, WIDTH, 3]
BOTH = (("logits", ["batch", 3]), ("features", ["batch", D]))
PARTS = ("tokens", ["batch", 30, D])

folder.mkdir(exist_ok=True)
# Layouts, batches and sizes.
write("nchw")
write("nhwc", NHWC, before=TO_NCHW)
write("one", [1, 3, HEIGHT, WIDTH], outputs=[("features", [1, D])])
write("two-nhwc", [2, HEIGHT, WIDTH, 3], before=TO_NCHW, outputs=[("features", [2, D])])
write("any-size", ["batch", 3, "height", "width"])
write("any-width", ["batch", 3, HEIGHT, None])
write("any-axis", ["batch", "channels", "height", "width"], outputs=[("features", None)])
write("no-shape", None, outputs=[("features", None)])
# Element types.
write("float16", kind="float16")
write("uint8", NHWC, before=FROM_BYTES, kind="uint8")
# Outputs.
write("pooled", after=POOL[:1], outputs=[("pooled", ["batch", D, 1, 1])])
write("map", after=[], outputs=[("map", ["batch", D, 6, 5])])
write("logits-too", after=[*POOL, *LOGITS], outputs=BOTH)
write("tokens", after=TOKENS, outputs=[PARTS])
write("tokens-too", after=[*TOKENS, *POOL], outputs=[PARTS, ("features", ["batch", D])])
# Metadata.
write("mean-std", metadata={"mean": "[0.5, 0.4, 0.3]", "std": "[0.2, 0.3, 0.4]"})
write("bytes-mean-std", metadata={"image_mean": "[127.5, 102, 76.5]", "image_std": "[51, 76.5, 102]"})
write("pixel-range", metadata={"Image.NominalPixelRange": "Normalized_1_1"})
write("odd-mean", metadata={"mean": "grey", "std": "[1, 1, 1]"})
write("half-mean", metadata={"mean": "[0.5, 0.5, 0.5]"})
write("blue-first", metadata={"Image.BitmapPixelFormat": "Bgr8"})
# What is refused.
write("grey", ["batch", 1, HEIGHT, WIDTH], filters=FILTERS[:, :1])
write("two-inputs", before=[node("Add", ["images", "prompt"], ["nchw"])],
      inputs=[helper.make_tensor_value_info("prompt", TensorProto.FLOAT, [1])])
write("no-batch", [3, HEIGHT, WIDTH], before=[node("Reshape", ["images", "picture"], ["nchw"])])
write("not-finite", filters=FILTERS * np.float32("nan"))
write("baked", after=[*POOL[:1], node("Reshape", ["pooled", "one"], ["features"])])

golden = {
    "pictures": list(PICTURES.shape),
    "features": expected("nchw"),
    "half grey": expected("nchw", statistics=([0.5] * 3, [0.5] * 3)),
    "mean-std": expected("mean-std", statistics=([0.5, 0.4, 0.3], [0.2, 0.3, 0.4])),
    "float16": expected("float16", kind="float16"),
    "uint8": expected("uint8", nhwc=True, kind="uint8"),
    "logits": expected("logits-too", output="logits"),
    "token 3": expected("tokens", output="tokens", reduce=lambda tokens: tokens[:, 3]),
}
for same in (
    expected("nhwc", nhwc=True),
    expected("one", batch=1),
    expected("two-nhwc", nhwc=True, batch=2),
    expected("any-size"),
    expected("any-axis"),
    expected("no-shape"),
    expected("pooled", output="pooled"),
    expected("tokens", output="tokens", reduce=lambda tokens: tokens.mean(1)),
):
    np.testing.assert_allclose(same, golden["features"], rtol=1e-5, atol=2e-6)
lines = ",\n".join(f'  "{key}": {json.dumps(value)}' for key, value in golden.items())
(folder.parent / "onnx.json").write_text(f"{{\n{lines}\n}}\n")
