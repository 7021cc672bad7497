/**
 * MARC, margin calibration (Wang et al., ACML 2022, arXiv 2112.07225): the margins of a joint head are moved by a scale and an offset a
 * class, in units of its row's norm,
 *   z'_c = omega_c (w_c f + b_c) + beta_c ||w_c||
 * omega, from 1, and beta, from 0, are learned; W and b stay. What comes out is a linear head: omega_c w_c, omega_c b_c + beta_c ||w_c||.
 * Reference: microsoft/robustlearn, marc: 10 epochs, rate 0.05 cosine for batches of 256, momentum 0.9, decay 5e-4, rows as they
 * are, which are the defaults, and the re-weighted loss of DisAlign at rho = 1.2.
 */
import { checkFunctions, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { copied, type WithLoss } from './from-joint.ts';
import { disposeAll, type FeatureBatches, type Head, owned } from './head.ts';
import { linearFrom } from './linear.ts';
import { logitsOnce } from './logits-once.ts';
import { rowNorms } from './row-norms.ts';
import { type TrainHeadOptions, trainHead } from './train-head.ts';

/**
 * @param joint the linear head of stage 1, not a cosine head; it is not changed
 * @param batches features as they are, epoch by epoch; each batch is disposed here. Of `sampledBatches` the logits of all rows are
 *   computed once, up to 2^28 of them (1 GiB)
 * @param options.loss re-weighted: `grw(counts)` of `@longtail/losses`
 * @returns a linear head
 * @throws InputError when the joint head is not linear, or as trainHead
 * @example
 * const head = await marc(joint, batches, { loss: grw(counts) });
 */
export async function marc(
  joint: Head,
  batches: FeatureBatches,
  options: WithLoss<TrainHeadOptions>,
): Promise<Head> {
  const { epochs = 10, learningRate = 0.05, loss } = checkOptions(options, { of: 'marc' });
  checkFunctions({ loss });
  const once = logitsOnce(joint, batches, { epochs, of: 'marc' });
  const frozen = linearFrom('marc', copied(joint, { of: 'marc' }));
  const { numClasses } = frozen;
  const [weight, bias] = [frozen.weights.get('weight')!, frozen.weights.get('bias')];
  const omega = owned<tf.Rank.R1>(tf.ones([numClasses]), true);
  const beta = owned<tf.Rank.R1>(tf.zeros([numClasses]), true);
  const norms = owned(tf.tidy(() => tf.squeeze(rowNorms(weight), [1])));
  const weights = new Map([...frozen.weights, ['omega', omega], ['beta', beta], ['norms', norms]]);
  const calibrated = (z: tf.Tensor) => tf.add<tf.Tensor2D>(tf.mul(z, omega), tf.mul(beta, norms));
  const head: Head = {
    ...frozen,
    isLinear: false,
    weights,
    trainable: [omega, beta],
    logits: (features) => tf.tidy(() => calibrated(once ? features : frozen.logits(features))),
    dispose: () => disposeAll(weights),
  };
  try {
    const how = { ...options, epochs, learningRate, loss: once?.lossOf(loss) ?? loss };
    await trainHead(head, once?.batches ?? batches, how);
    return linearFrom('marc', {
      weight: tf.tidy(() => tf.mul<tf.Tensor2D>(weight, tf.expandDims(omega, 1))),
      bias: tf.tidy(() => tf.reshape(calibrated(bias ?? tf.zerosLike(beta)), [numClasses])),
    });
  } finally {
    once?.logits.dispose();
    head.dispose();
  }
}
