/** A batch mixed with a permutation of itself, x = l x_i + (1 - l) x_j, and its soft targets: what mixup and remix share. */
import { asLabels, checkIntegers, InputError, type LabelList, random } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { symmetricBeta } from './beta.ts';

export interface MixedBatch<T extends tf.Tensor> {
  /** Shape and type of what was given; differentiable in it. */
  readonly images: T;
  /** Soft targets, float32 [N, C]. */
  readonly targets: tf.Tensor2D;
  /** l, of the images. */
  readonly share: number;
  /** j, the partner of each row, shape [N]. */
  readonly partners: Int32Array;
}

/** One share and the partners of a batch. */
export function drawMix(
  count: number,
  { alpha, seed, step }: { alpha: number; seed: number; step: number },
): { share: number; partners: Int32Array } {
  checkIntegers({ step }, { least: 0 });
  const generator = random(seed, 'mixup', step);
  const share = symmetricBeta(alpha, generator);
  return { share, partners: generator.shuffle(Int32Array.from({ length: count }, (_, i) => i)) };
}

/** l x + (1 - l) x[partners]. `tf.gather` has no gradient on wasm: a permutation's is the gather by its inverse. */
function mixRows<T extends tf.Tensor>(x: T, share: number, partners: Int32Array): T {
  const inverse = new Int32Array(partners.length);
  for (const [i, j] of partners.entries()) inverse[j] = i;
  const mixed = (rows: tf.Tensor, order: Int32Array) =>
    tf.tidy(() =>
      tf.add(tf.mul(rows, share), tf.mul(tf.gather(rows, tf.tensor1d(order, 'int32')), 1 - share)),
    );
  const mix = tf.customGrad((given) => ({
    value: mixed(given as tf.Tensor, partners),
    gradFunc: (dy: tf.Tensor) => mixed(dy, inverse),
  }));
  return mix(x) as T;
}

/** @throws InputError when there are not as many labels as images, or one is not in [0, C) */
export function checkedBatch(images: tf.Tensor, labels: LabelList, numClasses: number): Int32Array {
  checkIntegers({ numClasses });
  const checked = asLabels(labels, { numClasses });
  checkTensors({ images });
  if (images.shape[0] !== checked.length)
    throw new InputError(
      `mixing needs a label an image, but there are ${images.shape[0]} images and ${checked.length} labels.`,
    );
  return checked;
}

/** @param shares of each row's own label, shape [N] */
export function mixBatch<T extends tf.Tensor>(
  images: T,
  labels: Int32Array,
  {
    shares,
    share,
    partners,
    numClasses,
  }: Omit<MixedBatch<T>, 'images' | 'targets'> & {
    shares: (row: number) => number;
    numClasses: number;
  },
): MixedBatch<T> {
  const targets = new Float32Array(labels.length * numClasses);
  for (const [i, label] of labels.entries()) {
    targets[i * numClasses + label]! += shares(i);
    targets[i * numClasses + labels[partners[i]!]!]! += 1 - shares(i);
  }
  return {
    images: mixRows(images, share, partners),
    targets: tf.tensor2d(targets, [labels.length, numClasses]),
    share,
    partners,
  };
}
