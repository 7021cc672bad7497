"""Makes graph-model: a small picture classifier, trained here, converted by tensorflowjs' own converter, and
what TensorFlow itself answers for eight pictures.

    python -m venv venv && venv/bin/pip install tensorflow-cpu==2.21.0 tf-keras
    venv/bin/pip install --no-deps tensorflowjs==4.22.0 tensorflow-hub
    venv/bin/python graph_model.py
"""

import json
import pathlib
import shutil
import sys
import tempfile
from unittest.mock import MagicMock

import numpy as np
import tensorflow as tf

# The converter imports these for formats that are not used here.
for name in ("jax", "jax.experimental", "jax.experimental.jax2tf", "tensorflow_decision_forests"):
    sys.modules[name] = MagicMock()
from tensorflowjs.converters import tf_saved_model_conversion_v2 as converter  # noqa: E402

SIZE, CLASSES = 24, 4


def pictures(count, seed):
    """Bars: lying, standing, falling, rising, in one colour each on noise; a byte a value."""
    random = np.random.default_rng(seed)
    labels = random.integers(CLASSES, size=count)
    y, x = np.mgrid[:SIZE, :SIZE]
    lines = [y, x, y - x, y + x]
    images = random.normal(0, 0.3, (count, SIZE, SIZE, 3))
    for image, label in zip(images, labels):
        line = lines[label]
        place = random.integers(line.min() + 4, line.max() - 3)
        image += (np.abs(line - place) < 2)[..., None] * random.uniform(0.5, 1.5, 3)
    return np.clip(128 + 60 * images, 0, 255).astype("uint8"), labels


def network():
    layers = tf.keras.layers
    inputs = layers.Input((SIZE, SIZE, 3))

    def unit(x, filters, strides=1, activation="relu", depthwise=False):
        if depthwise:
            x = layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False)(x)
        else:
            x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        return layers.Activation(activation)(layers.BatchNormalization()(x))

    x = unit(layers.Rescaling(1 / 64, -2)(inputs), 16, strides=2)
    fine = unit(x, 16, depthwise=True, activation="relu6")
    coarse = unit(layers.MaxPooling2D(3, 2, padding="same")(x), 16, activation="elu")
    coarse = layers.UpSampling2D(2, interpolation="bilinear")(coarse)
    x = layers.Concatenate()([fine, coarse, layers.AveragePooling2D(3, 1, padding="same")(x)])
    x = layers.Dropout(0.1)(layers.Conv2D(24, 1, activation="swish")(x))
    rows = layers.Reshape((6, 24))(layers.AveragePooling2D((2, 12))(x))
    read = layers.GRU(6, unroll=True)(rows)
    seen = layers.GlobalAveragePooling2D()(x)
    scores = layers.Dense(CLASSES)(layers.Concatenate()([read, seen]))
    return tf.keras.Model(inputs, [layers.Softmax()(scores), read])


def main():
    tf.keras.utils.set_random_seed(0)
    model = network()
    images, labels = pictures(2000, seed=1)
    model.compile("adam", ["sparse_categorical_crossentropy", None], metrics=[["accuracy"], []])
    model.fit(images.astype("float32"), labels, batch_size=32, epochs=4, verbose=2)

    target = pathlib.Path(__file__).parent / "graph-model"
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder)
        converter.convert_tf_saved_model(folder, str(target))
    tested, truth = pictures(8, seed=2)
    probabilities, read = (output.numpy() for output in model(tested.astype("float32"), training=False))
    (target / "pictures.bin").write_bytes(tested.tobytes())
    expected = {"probabilities": probabilities.tolist(), "read": read.tolist(), "labels": truth.tolist()}
    (target / "expected.json").write_text(json.dumps(expected, indent=1))
    print("right:", (probabilities.argmax(1) == truth).mean())


main()
