/**
 * GCL, stage 2 (Li et al., CVPR 2022, "Long-tailed visual recognition via Gaussian clouded logit adjustment"): the cosine classifier that
 * was learned with the backbone is trained on, on re-balanced rows that are mixed with one another, by the clouded loss of stage 1 with
 * a margin and a focus,
 *   z_c = cos(w_c, f);   z_c - a |e_c| d_c - m [c = label] times s goes into the loss (`gcl` of `@longtail/losses`)
 * Reference: Keke921/GCLLoss, cifar_train_classifier.py: 30 epochs, rate 0.002 cosine for batches of 64 (its 0.1 is multiplied by 0.2 and
 * then by 0.1), momentum 0.9, decay 2e-4, which are the defaults; a = 0.5, m = 0.1, s = 20, gamma = 1; mixup by Beta(1, 1). It mixes
 * pictures; here features are mixed. Its rows are class-balanced, the paper's drawn by the class-based effective number. Its best epoch is
 * that of the test set; here it is the last.
 */
import { checkFunctions, checkNumbers, checkOptions, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { cosineFrom } from './cosine.ts';
import { finished, type WithLoss } from './from-joint.ts';
import { checkHead, type FeatureBatches, type Head } from './head.ts';
import type { TrainHeadOptions } from './train-head.ts';

export interface GclStage2Options extends TrainHeadOptions {
  /** s of the loss, which the scores of the head that comes out are multiplied by. Default: 20. */
  readonly scale?: number;
}

/** A copy of its weight, shape [C, D]. */
function cosineWeight(joint: Head): tf.Tensor2D {
  checkHead(joint);
  const { kind, features } = Object(joint.form);
  const weight = joint.weights.get('weight');
  const shape = [joint.numClasses, joint.featureDim];
  if (kind === 'cosine' && features === 'unit' && weight && tf.util.arraysEqual(weight.shape, shape))
    return tf.clone(weight) as tf.Tensor2D;
  throw new InputError(
    `gclStage2 needs a cosine head of unit features, but ${joint.name} is none; where its \`weight\` is meant as one, make it by cosineFrom.`,
    { head: joint.name },
  );
}

/**
 * @param joint the cosine head of stage 1; it is copied, not changed
 * @param batches re-balanced features, epoch by epoch, with labels or, mixed, with soft targets; each batch is disposed here
 * @param options.loss `gcl(counts, { margin: 0.1, scale: 20, gamma: 1 })` of `@longtail/losses`
 * @returns a cosine head
 * @throws InputError when the joint head is no cosine head, or as trainHead
 * @example
 * const head = await gclStage2(joint, batches, { loss: gcl(counts, { margin: 0.1, scale: 20, gamma: 1 }) });
 */
export async function gclStage2(
  joint: Head,
  batches: FeatureBatches,
  options: WithLoss<GclStage2Options>,
): Promise<Head> {
  const { epochs = 30, learningRate = 0.002, scale = 20, loss } = checkOptions(options, { of: 'gclStage2' });
  const { weightDecay = 2e-4 } = options;
  checkFunctions({ loss });
  checkNumbers({ scale }, { above: 0 });
  const head = cosineFrom('gcl', { weight: cosineWeight(joint) }, { trainable: true });
  const trained = await finished(head, batches, { ...options, epochs, learningRate, weightDecay });
  try {
    const weight = tf.clone(trained.weights.get('weight')!) as tf.Tensor2D;
    return cosineFrom('gcl', { weight }, { scale });
  } finally {
    trained.dispose();
  }
}
