"""The formula of test-support/src/drawn-weights.ts in NumPy: the same float32 values, to the bit."""
import math

import numpy as np


def fnv1a(name):
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def drawn(name, shape, low, high):
    count = math.prod(shape)
    with np.errstate(over="ignore"):
        bits = np.uint32(fnv1a(name)) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
        bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        bits = (bits ^ (bits >> np.uint32(16))) >> np.uint32(8)
    return (low + (high - low) * (bits / 2**24)).astype(np.float32).reshape(shape)


def drawn_weight(name, shape):
    if len(shape) > 1:
        bound = math.sqrt(6 / (math.prod(shape) / shape[0]))
        return drawn(name, shape, -bound, bound)
    if name.endswith("running_var"):
        return drawn(name, shape, 0.5, 1.5)
    return drawn(name, shape, 0.25, 0.75) if name.endswith("weight") else drawn(name, shape, -0.1, 0.1)
