/**
 * Longtail's own kernels as TensorFlow has them: padding as PyTorch's, batch norm in training as one operation, the
 * gradient of ReLU, cross-entropy of labels. Where TensorFlow's CPU kernels are slow at a gradient of a convolution, it is
 * another convolution.
 */
import {
  BatchNormTrain,
  type BatchNormTrainAttributes,
  BatchNormTrainGrad,
  type BatchNormTrainGradInputs,
  type BatchNormTrainInputs,
  Conv2DGeneral,
  type Conv2DGeneralAttributes,
  Conv2DGeneralFilterGrad,
  Conv2DGeneralInputGrad,
  type Conv2DGradAttributes,
  type KernelDefinition,
  ReluGrad,
  SparseCrossEntropy,
  SparseCrossEntropyGrad,
  type SparseCrossEntropyInputs,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { registerBincount } from './bincount.ts';
import { ATTRIBUTES, type OpAttribute } from './binding.ts';
import { execute, ints, type NodeBackend, real, text, truth } from './execute.ts';
import { registerPools } from './pools.ts';
import { placesMet, registerSinglePlaces } from './single-places.ts';
import { TYPES } from './tensors.ts';

function convAttributes({ strides, padding, dilations }: Conv2DGeneralAttributes): OpAttribute[] {
  return [
    ints('strides', [1, ...strides, 1]),
    text('padding', 'EXPLICIT'),
    ints('explicit_paddings', [0, 0, ...padding, 0, 0]),
    text('data_format', 'NHWC'),
    ints('dilations', [1, ...dilations, 1]),
    truth('use_cudnn_on_gpu', true),
  ];
}

const isPlain = ({ dilations, groups }: Conv2DGeneralAttributes): boolean =>
  groups === 1 && dilations.every((n) => n === 1);
const hasUnitStrides = ({ strides }: Conv2DGeneralAttributes): boolean => strides.every((n) => n === 1);

function conv(x: tf.Tensor4D, filter: tf.Tensor4D, attributes: Conv2DGeneralAttributes): tf.Tensor {
  const [seen, how] = singlePlace(x, filter, attributes);
  return execute('Conv2D', convAttributes(how), [seen, filter])[0]!;
}

/**
 * Of pictures with one channel, oneDNN reads wrong places where one place comes out along the width and its stride is
 * not 1. That stride says nothing: here it is 1, and the pictures end where the filter does.
 */
function singlePlace(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: Conv2DGeneralAttributes,
): [tf.Tensor4D, Conv2DGeneralAttributes] {
  const {
    strides: [step, across],
    padding: [top, bottom, left, right],
    dilations,
  } = attributes;
  const spare = x.shape[2] + left + right - dilations[1] * (filter.shape[1] - 1) - 1;
  if (x.shape[3] > 1 || across === 1 || spare >= across) return [x, attributes];
  const after = right - spare;
  const seen = after < 0 ? tf.slice(x, [0, 0, 0, 0], [-1, -1, x.shape[2] + after, -1]) : x;
  return [seen, { ...attributes, strides: [step, 1], padding: [top, bottom, left, Math.max(after, 0)] }];
}

/** At stride 1, dX is dY convolved with the filter turned round: two to four times as fast as its own kernel. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, attributes: Conv2DGradAttributes): tf.Tensor {
  const [kh, kw] = filter.shape;
  const [top, bottom, left, right] = attributes.padding;
  const padding = [kh - 1 - top, kh - 1 - bottom, kw - 1 - left, kw - 1 - right] as const;
  if (hasUnitStrides(attributes) && padding.every((n) => n >= 0)) {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    return conv(dy, turned, { ...attributes, padding });
  }
  const sizes = tf.tensor1d([...attributes.shape], 'int32');
  return execute('Conv2DBackpropInput', convAttributes(attributes), [sizes, filter, dy])[0]!;
}

function filterGradient(dy: tf.Tensor4D, x: tf.Tensor4D, attributes: Conv2DGradAttributes): tf.Tensor {
  const sizes = tf.tensor1d([...attributes.shape], 'int32');
  const { shape, strides, padding } = attributes;
  const met = padding.every((n) => n === 0) ? placesMet(x, { window: shape, strides }) : undefined;
  const how = met ? { ...attributes, strides: [1, 1] as const } : attributes;
  return execute('Conv2DBackpropFilter', convAttributes(how), [met ?? x, sizes, dy])[0]!;
}

function normalise(
  { x, scale, offset, runningMean, runningVariance, residual }: BatchNormTrainInputs,
  { momentum, epsilon, activation }: BatchNormTrainAttributes,
): tf.Tensor[] {
  const none = tf.tensor1d([]);
  const [y, mean, variance] = execute(
    'FusedBatchNormV3',
    [
      { name: 'U', type: ATTRIBUTES.TF_ATTR_TYPE, value: TYPES.TF_FLOAT },
      real('epsilon', epsilon),
      real('exponential_avg_factor', 1),
      text('data_format', 'NHWC'),
      truth('is_training', true),
    ],
    [asPicture(x), scale, offset, none, none],
    6,
  );
  const move = (running: tf.Variable<tf.Rank.R1>, batch: tf.Tensor) =>
    running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)) as tf.Tensor1D);
  move(runningMean, mean!);
  move(runningVariance, variance!);
  const normalised = tf.reshape(y!, x.shape);
  const sum = residual ? tf.add(normalised, residual) : normalised;
  const n = x.size / scale.size;
  const deviation = tf.sqrt(tf.add(tf.mul(variance!, (n - 1) / n), epsilon));
  return [activation === 'relu' ? tf.relu(sum) : sum, mean!, tf.reciprocal(deviation)];
}

function normaliseGradient(
  { dy, y, x, scale, mean, inverseDeviation }: BatchNormTrainGradInputs,
  { epsilon, activation }: BatchNormTrainAttributes,
): tf.Tensor[] {
  const dz = activation === 'relu' ? execute('ReluGrad', [], [dy, y])[0]! : tf.clone(dy);
  // What the forward pass keeps for this one is the variance on a CPU, the inverse deviation on a GPU.
  const { isUsingGpuDevice } = tf.backend() as unknown as NodeBackend;
  const kept = isUsingGpuDevice
    ? inverseDeviation
    : tf.sub(tf.reciprocal(tf.square(inverseDeviation)), epsilon);
  const [dx, dscale, doffset] = execute(
    'FusedBatchNormGradV3',
    [
      { name: 'U', type: ATTRIBUTES.TF_ATTR_TYPE, value: TYPES.TF_FLOAT },
      real('epsilon', epsilon),
      text('data_format', 'NHWC'),
      truth('is_training', true),
    ],
    [asPicture(dz), asPicture(x), scale, mean, kept, tf.tensor1d([])],
    5,
  );
  return [tf.reshape(dx!, x.shape), dscale!, doffset!, dz];
}

/** Losses [N] and their slopes [N, C] in one operation; undefined where there is nothing, which it refuses. */
function sparseCrossEntropy({ logits, labels }: SparseCrossEntropyInputs): tf.Tensor[] | undefined {
  if (logits.size === 0) return undefined;
  const labelType = { name: 'Tlabels', type: ATTRIBUTES.TF_ATTR_TYPE, value: TYPES.TF_INT32 };
  return execute('SparseSoftmaxCrossEntropyWithLogits', [labelType], [logits, labels], 2);
}

const asPicture = (x: tf.Tensor): tf.Tensor =>
  x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, x.shape.at(-1)!]);

/** @param run what TensorFlow does; undefined: the kernel's definition in tfjs operations */
function register<Inputs, Attributes>(
  { name, define }: KernelDefinition<Inputs, Attributes>,
  run: (inputs: Inputs, attributes: Attributes) => tf.Tensor | tf.Tensor[] | undefined,
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const [given, how] = [inputs as unknown as Inputs, attrs as unknown as Attributes];
      return tf.tidy(() => run(given, how) ?? define(given, how));
    },
  });
}

export function registerOwnKernels(): void {
  registerPools();
  registerSinglePlaces();
  registerBincount();
  register(Conv2DGeneral, ({ x, filter }, attributes) => {
    if (attributes.groups === 1) return conv(x, filter, attributes);
    const [parts, filters] = [x, filter].map((all) => tf.split<tf.Tensor4D>(all, attributes.groups, 3));
    return tf.concat(
      parts!.map((part, i) => conv(part, filters![i]!, attributes)),
      3,
    );
  });
  register(Conv2DGeneralInputGrad, ({ dy, filter }, attributes) =>
    isPlain(attributes) ? inputGradient(dy, filter, attributes) : undefined,
  );
  register(Conv2DGeneralFilterGrad, ({ dy, x }, attributes) =>
    isPlain(attributes) ? filterGradient(dy, x, attributes) : undefined,
  );
  register(BatchNormTrain, normalise);
  register(BatchNormTrainGrad, normaliseGradient);
  register(SparseCrossEntropy, (inputs) => sparseCrossEntropy(inputs)?.[0]);
  register(SparseCrossEntropyGrad, ({ dy, ...inputs }) => {
    const slope = sparseCrossEntropy(inputs)?.[1];
    return slope && tf.mul(slope, tf.expandDims(dy, 1));
  });
  register(ReluGrad, ({ dy, y }) => execute('ReluGrad', [], [dy, y])[0]!);
}
