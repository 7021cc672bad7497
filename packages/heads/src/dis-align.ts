/**
 * DisAlign, adaptive calibration (Zhang et al., CVPR 2021, "Distribution alignment"): each class has a magnitude and a
 * margin, which count for as much as an input-dependent confidence says,
 *   z'_c = (1 + s(f) a_c) z_c + s(f) m_c,   z = W f + b of the joint head,   s(f) = sigmoid(v f + u)
 * a, from 1, m, from 0, v, from 0.1, and u are learned; W and b stay. s makes the head no linear one. Reference:
 * Megvii-BaseDetection/DisAlign, DisAlignLinear and resx50...disalign.10e: 10 epochs, rate 0.1 cosine for batches of 256, momentum 0.9,
 * decay 5e-4, rows as they are, which are the defaults, and the re-weighted loss at rho = 1.2. u starts at 0; there it is drawn
 * from +-1/sqrt(D).
 */
import { checkFunctions, checkOneOf, checkOptions, checkStrings, InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { copied, finished, type WithLoss } from './from-joint.ts';
import { disposeAll, type FeatureBatches, type Head, owned } from './head.ts';
import { linearFrom } from './linear.ts';
import type { TrainHeadOptions } from './train-head.ts';

/**
 * @param joint the linear head of stage 1, not a cosine head; it is copied, not changed
 * @param batches features as they are, epoch by epoch; each batch is disposed here
 * @param options.loss re-weighted: `grw(counts)` of `@longtail/losses`
 * @returns a head with the weights of {@link disAlignFrom}
 * @throws InputError when the joint head is not linear, or as trainHead
 * @example
 * const head = await disAlign(joint, batches, { loss: grw(counts) });
 */
export async function disAlign(
  joint: Head,
  batches: FeatureBatches,
  options: WithLoss<TrainHeadOptions>,
): Promise<Head> {
  const { learningRate = 0.1, loss } = checkOptions(options, { of: 'disAlign' });
  checkFunctions({ loss });
  const start = {
    ...copied(joint, { of: 'disAlign' }),
    logit_scale: tf.ones<tf.Rank.R1>([joint.numClasses]),
    logit_bias: tf.zeros<tf.Rank.R1>([joint.numClasses]),
    'confidence_layer.weight': tf.fill<tf.Rank.R2>([1, joint.featureDim], 0.1),
    'confidence_layer.bias': tf.zeros<tf.Rank.R1>([1]),
  };
  const head = disAlignFrom('dis-align', start, { trainable: true });
  return finished(head, batches, { ...options, learningRate });
}

export interface DisAlignTensors {
  /** W, shape [C, D]. */
  readonly weight: tf.Tensor2D;
  /** b, shape [C]. */
  readonly bias?: tf.Tensor1D | undefined;
  /** a, shape [C]. */
  readonly logit_scale: tf.Tensor1D;
  /** m, shape [C]. */
  readonly logit_bias: tf.Tensor1D;
  /** v, shape [1, D]. */
  readonly 'confidence_layer.weight': tf.Tensor2D;
  /** u, shape [1]. */
  readonly 'confidence_layer.bias': tf.Tensor1D;
}

/** What is learned, by its name in a file. */
export const DIS_ALIGN: readonly Exclude<keyof DisAlignTensors, 'weight' | 'bias'>[] = [
  'logit_scale',
  'logit_bias',
  'confidence_layer.weight',
  'confidence_layer.bias',
];

function checkShapes(tensors: DisAlignTensors): void {
  const [numClasses, featureDim] = tensors.weight.shape;
  const shapes = [[numClasses], [numClasses], [1, featureDim], [1]];
  for (const [i, name] of DIS_ALIGN.entries()) {
    const tensor = tensors[name];
    checkTensors({ [name]: tensor });
    if (!tf.util.arraysEqual(tensor.shape, shapes[i]!))
      throw new InputError(
        `${name} of ${numClasses} classes and ${featureDim} features must be [${shapes[i]}], but it is [${tensor.shape}].`,
      );
  }
}

/** A head that takes the tensors over; all but weight and bias are trained. @throws InputError when their shapes do not fit */
export function disAlignFrom(
  name: string,
  tensors: DisAlignTensors,
  options: { trainable?: boolean } = {},
): Head {
  const { weight, bias } = checkOptions(tensors, { of: 'disAlignFrom' });
  const { trainable = false } = checkOptions(options, { of: 'disAlignFrom' });
  checkStrings({ name });
  checkOneOf({ trainable }, [true, false]);
  checkTensors({ weight }, { rank: 2 });
  checkShapes(tensors);
  const frozen = linearFrom(name, { weight, bias });
  const own = DIS_ALIGN.map((key) => owned(tensors[key] as tf.Tensor, trainable));
  const [scale, margin, v, u] = own as [tf.Variable, tf.Variable, tf.Variable<tf.Rank.R2>, tf.Variable];
  const weights = new Map<string, tf.Variable>([
    ...frozen.weights,
    ...DIS_ALIGN.map((key, i) => [key, own[i]!] as const),
  ]);
  return {
    ...frozen,
    isLinear: false,
    form: { kind: 'dis-align' },
    weights,
    trainable: trainable ? own : [],
    logits: (features) =>
      tf.tidy(() => {
        const z = frozen.logits(features);
        const confidence = tf.sigmoid(tf.add(tf.matMul(features, v, false, true), u)); // [N, 1]
        return tf.add(z, tf.mul(confidence, tf.add(tf.mul(z, scale), margin)));
      }),
    dispose: () => disposeAll(weights),
  };
}
