/** The class that a checkpoint's head gives to each feature. */
import { type Head, linearFrom } from '@longtail/heads';
import { argmax } from '@longtail/metrics';
import * as tf from '@tensorflow/tfjs-core';
import type { CheckpointHead } from './checkpoint-head.ts';
import type { Features } from './extract-features.ts';

/** Features a product: logits of many classes would fill the memory. */
const AT_ONCE = 1000;

interface Reading {
  /** The head's row of each of our classes, shape [C]; default: as the head has them. */
  readonly order?: Int32Array | undefined;
  /** Rows of norm 1 put the classes in the order that a cosine head's logits have. */
  readonly cosine?: boolean;
}

/** Rows in our order, the scale within them: (W f + b) s = (s W) f + s b. */
function ourHead(head: CheckpointHead, featureDim: number, { order, cosine = false }: Reading): Head {
  const { rows, bias, scale } = head;
  const chosen = order ?? Int32Array.from({ length: rows }, (_, row) => row);
  const weight = new Float32Array(chosen.length * featureDim);
  for (const [c, row] of chosen.entries()) {
    const own = head.weight.subarray(row * featureDim, (row + 1) * featureDim);
    const norm = cosine ? Math.sqrt(own.reduce((sum, w) => sum + w * w, 0)) || 1 : 1;
    const factor = (scale?.[row] ?? 1) / norm;
    weight.set(
      own.map((w) => w * factor),
      c * featureDim,
    );
  }
  const offsets = bias && Float32Array.from(chosen, (row) => bias[row]! * (scale?.[row] ?? 1));
  return linearFrom('joint', {
    weight: tf.tensor2d(weight, [chosen.length, featureDim]),
    bias: offsets && tf.tensor1d(offsets),
  });
}

/** @returns shape [N] */
export function classesBy(
  given: CheckpointHead,
  { values, featureDim }: Pick<Features, 'values' | 'featureDim'>,
  reading: Reading = {},
): Int32Array {
  const head = ourHead(given, featureDim, reading);
  const classes = new Int32Array(values.length / featureDim);
  for (let start = 0; start < classes.length; start += AT_ONCE) {
    const end = Math.min(start + AT_ONCE, classes.length);
    const some = values.subarray(start * featureDim, end * featureDim);
    const features = tf.tensor2d(some, [end - start, featureDim]);
    const logits = head.logits(features);
    classes.set(argmax(logits.dataSync(), { numClasses: head.numClasses }), start);
    tf.dispose([features, logits]);
  }
  head.dispose();
  return classes;
}
