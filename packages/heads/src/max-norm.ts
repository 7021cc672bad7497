/**
 * MaxNorm and weight decay (Alshammari et al., CVPR 2022, "Long-tailed recognition via weight balancing"): the joint
 * head is trained on with class-balanced weights and a strong decay, and a row that has grown too long is cut back,
 *   w_c <- w_c min(1, r_c / ||w_c||)
 * The radius of all rows is min_k ||w_k|| + t (max_k ||w_k|| - min_k ||w_k||) of the joint head, t = 0.1; the bias is free.
 * Reference: ShadeAlsha/LTR-weight-balancing, demo2 and utils/regularizers.py: 10 epochs, rate 0.01 cosine for batches of 64,
 * momentum 0.9, decay 0.1, rows as they are, which are the defaults. The paper cuts back after each step, its code once an
 * epoch; its cosine is that of `schedule: 'official'`.
 */
import { checkFunctions, checkNumbers, checkOneOf, checkOptions, checkWeights, extent } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { copied, finished, type WithLoss } from './from-joint.ts';
import { type FeatureBatches, type Head, linearWeights } from './head.ts';
import { linearFrom } from './linear.ts';
import { rowNorms } from './row-norms.ts';
import type { TrainHeadOptions } from './train-head.ts';

export interface MaxNormOptions extends TrainHeadOptions {
  /** r, above 0, or r_c of each class, shape [C]. Default: from the joint head, by `share`. */
  readonly radius?: number | ArrayLike<number>;
  /** t, in [0, 1]. Default: 0.1. */
  readonly share?: number;
  /** When rows are cut back. Default: 'step'. */
  readonly project?: 'step' | 'epoch';
}

function radiiOf(
  joint: Head,
  { radius, share }: { radius: MaxNormOptions['radius']; share: number },
): Float32Array {
  const { weight } = linearWeights(joint, { of: 'maxNorm' });
  checkNumbers({ share }, { least: 0, most: 1 });
  if (radius !== undefined && typeof radius !== 'number') {
    checkWeights({ radius }, { count: joint.numClasses, of: 'classes' });
    return Float32Array.from(radius);
  }
  const [least, most] = extent(tf.tidy(() => rowNorms(weight).dataSync()));
  const one = radius ?? least + share * (most - least);
  checkNumbers({ [radius === undefined ? 'the radius of the joint head' : 'radius']: one }, { above: 0 });
  return new Float32Array(joint.numClasses).fill(one);
}

/** A row of zeros stays one. */
function cutBack(weight: tf.Variable, radii: tf.Tensor1D): void {
  tf.tidy(() => {
    const norms = tf.maximum(rowNorms(weight), 1e-30);
    weight.assign(tf.mul(weight, tf.minimum(1, tf.div(tf.expandDims(radii, 1), norms))));
  });
}

/**
 * @param joint the linear head of stage 1, not a cosine head; it is copied, not changed
 * @param batches features as they are, epoch by epoch; each batch is disposed here
 * @param options.loss class-balanced: `classBalanced(counts)` of `@longtail/losses`
 * @returns a linear head
 * @throws InputError when the joint head is not linear, a radius is not above 0, or as trainHead
 * @example
 * const head = await maxNorm(joint, batches, { loss: classBalanced(counts) });
 */
export async function maxNorm(
  joint: Head,
  batches: FeatureBatches,
  options: WithLoss<MaxNormOptions>,
): Promise<Head> {
  const { radius, share = 0.1, project = 'step' } = checkOptions(options, { of: 'maxNorm' });
  const { learningRate = 0.01, weightDecay = 0.1, loss, onEpoch, afterStep } = options;
  checkFunctions({ loss });
  if (onEpoch !== undefined) checkFunctions({ onEpoch });
  if (afterStep !== undefined) checkFunctions({ afterStep });
  checkOneOf({ project }, ['step', 'epoch']);
  const radii = tf.tensor1d(radiiOf(joint, { radius, share }));
  const head = linearFrom('max-norm', copied(joint, { of: 'maxNorm' }), { trainable: true });
  const projection = () => cutBack(head.weights.get('weight')!, radii);
  try {
    return await finished(head, batches, {
      ...options,
      learningRate,
      weightDecay,
      afterStep() {
        if (project === 'step') projection();
        afterStep?.();
      },
      onEpoch(epoch, meanLoss) {
        if (project === 'epoch') projection();
        onEpoch?.(epoch, meanLoss);
      },
    });
  } finally {
    radii.dispose();
  }
}
