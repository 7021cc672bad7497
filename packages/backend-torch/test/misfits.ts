/**
 * Kernels called past tfjs's own assertions with what does not fit. As a program it runs each in turn and prints one line
 * of JSON: what was thrown and what was left behind. It may be ended by a crash; the lines then end there.
 */
import '@tensorflow/tfjs';
import { pathToFileURL } from 'node:url';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

interface Misfit {
  readonly name: string;
  /** The error's type (ours, or tfjs's plain one), and words of its message. */
  readonly expected: ['EngineError' | 'InputError' | 'Error', RegExp];
  readonly run: () => unknown;
}
export interface Outcome {
  readonly name: string;
  readonly error: string;
  readonly message: string;
  readonly leftHandles: number;
  readonly leftTensors: number;
}

const kernel = (name: string, inputs: object, attributes: object = {}): unknown =>
  tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap);
const ones = (...shape: number[]): tf.Tensor => tf.ones(shape);
const variable = (...shape: number[]): tf.Variable => tf.variable(tf.ones(shape));
const ints = (...values: number[]): tf.Tensor => tf.tensor1d(values, 'int32');

const plain = { transposeA: false, transposeB: false };
const conv = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
const general = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };
const pool = { filterSize: 2, strides: 2, pad: 'valid' };
const norm = { momentum: 0.1, epsilon: 1e-5, activation: 'linear' };
const vectors = (n: number) => ({
  scale: ones(n),
  offset: ones(n),
  runningMean: variable(n),
  runningVariance: variable(n),
});
const sgd = { learningRate: 1, momentum: 0.9, weightDecay: 0, nesterov: false };
const pair = (w: tf.Tensor, g: tf.Tensor, v: tf.Tensor) => ({
  'variable/0': w,
  'gradient/0': g,
  'velocity/0': v,
});
const adam = {
  learningRate: 1,
  beta1: 0.9,
  beta2: 0.9,
  epsilon: 1,
  weightDecay: 0,
  decoupled: false,
  steps: [1],
};
const four = (w: tf.Tensor, g: tf.Tensor, m: tf.Tensor, v: tf.Tensor) => ({
  'variable/0': w,
  'gradient/0': g,
  'mean/0': m,
  'square/0': v,
});
const images = { shape: [1, 2, 2, 3], mean: [0, 0, 0], std: [1, 1, 1] };
const refused = (operator: string): Misfit['expected'] => ['EngineError', new RegExp(`refused ${operator}`)];
const fitting: Misfit['expected'] = [
  'InputError',
  /do not fit|needs (equal|tensors of one|vectors|a residual|\d+ values)/,
];
const whole: Misfit['expected'] = ['EngineError', /whole numbers below 2\^53/];
const unknown: Misfit['expected'] = ['EngineError', /disposed, or of no backend/];

/** The places of maxima that a gradient keeps, of a picture far larger than the one they are then used for. */
function foreignMaxima(): unknown {
  const large = tf.reshape(tf.range(0, 1e6), [1, 1000, 1000, 1]) as tf.Tensor4D;
  const kept: tf.Tensor[] = [];
  tf.grad((x) => {
    kept.push(tf.keep(tf.maxPool(x as tf.Tensor4D, 500, 500, 'valid')));
    return tf.sum(kept[0]!);
  })(large);
  const given = { dy: ones(1, 2, 2, 1), input: ones(1, 4, 4, 1), output: kept[0]! };
  const dx = kernel(tf.MaxPoolGrad, given, pool) as tf.Tensor;
  kept[0]!.dispose();
  const values = dx.dataSync().join();
  throw new Error(`found again: ${values}`);
}

const misfit = (name: string, expected: Misfit['expected'], run: () => unknown): Misfit => ({
  name,
  expected,
  run,
});

// biome-ignore format: a table
export const MISFITS: readonly Misfit[] = [
  misfit('matMul', refused('aten::mm'), () => kernel('BatchMatMul', { a: ones(2, 3), b: ones(2, 3) }, plain)),
  misfit('matMul of a vector', ['InputError', /needs matrices/], () => kernel('BatchMatMul', { a: ones(3), b: ones(3, 2) }, plain)),
  misfit('matMul, bias too long', fitting, () => kernel('_FusedMatMul', { a: ones(2, 3), b: ones(3, 1), bias: ones(5) }, plain)),
  misfit('conv2d, channels', refused('aten::convolution'), () => kernel('Conv2D', { x: ones(1, 5, 5, 3), filter: ones(3, 3, 2, 4) }, conv)),
  misfit('conv2d, stride 0', whole, () => kernel('Conv2D', { x: ones(1, 5, 5, 3), filter: ones(3, 3, 3, 4) }, { ...conv, strides: 0 })),
  misfit('conv2d, dx of another dy', refused('aten::convolution_backward'), () => kernel('Conv2DBackpropInput', { dy: ones(1, 9, 9, 4), filter: ones(3, 3, 3, 4) }, { ...conv, inputShape: [1, 5, 5, 3] })),
  misfit('conv2d, dw of another dy', refused('aten::convolution_backward'), () => kernel('Conv2DBackpropFilter', { x: ones(2, 5, 5, 3), dy: ones(3, 5, 5, 4) }, { ...conv, filterShape: [3, 3, 3, 4] })),
  misfit('depthwise, dw of another dy', refused('aten::convolution_backward'), () => kernel('DepthwiseConv2dNativeBackpropFilter', { x: ones(1, 5, 5, 3), dy: ones(1, 9, 9, 3) }, { ...conv, filterShape: [3, 3, 3, 1] })),
  misfit('conv2dGeneral, groups 0', refused('aten::convolution'), () => kernel('Conv2DGeneral', { x: ones(1, 5, 5, 3), filter: ones(3, 3, 3, 4) }, { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1], groups: 0 })),
  misfit('batchNorm, statistics too short', refused('aten::(add|mul)'), () => kernel('FusedBatchNorm', { x: ones(2, 2, 2, 512), mean: ones(2), variance: ones(2) })),
  misfit('batchNorm, scale too short', refused('aten::mul'), () => kernel('FusedBatchNorm', { x: ones(2, 2, 2, 512), mean: ones(512), variance: ones(512), scale: ones(2) })),
  misfit('batchNormTrain, vectors too short', fitting, () => kernel('BatchNormTrain', { x: ones(4, 4096), ...vectors(2) }, norm)),
  misfit('batchNormTrain, running statistics too short', fitting, () => kernel('BatchNormTrain', { x: ones(4, 4096), ...vectors(4096), runningMean: variable(1) }, norm)),
  misfit('batchNormTrain, another residual', fitting, () => kernel('BatchNormTrain', { x: ones(4, 3), ...vectors(3), residual: ones(5, 4, 3) }, norm)),
  misfit('batchNormTrain, plain tensors', ['InputError', /needs a tf\.Variable/], () => kernel('BatchNormTrain', { x: ones(4, 3), ...vectors(3), runningMean: ones(3) }, norm)),
  misfit('batchNormTrain, another dy', fitting, () => kernel('BatchNormTrainGrad', { dy: ones(1, 3), y: ones(1, 3), x: ones(40000, 3), scale: ones(3), mean: ones(3), inverseDeviation: ones(3) }, norm)),
  misfit('batchNormTrain, mean of another', fitting, () => kernel('BatchNormTrainGrad', { dy: ones(4, 64), y: ones(4, 64), x: ones(4, 64), scale: ones(64), mean: ones(1), inverseDeviation: ones(1) }, norm)),
  misfit('batchNorm, dx of another dy', fitting, () => kernel('BatchNormGrad', { dy: ones(1, 3), x: ones(40000, 3), mean: ones(3), variance: ones(3), scale: ones(3) }, { epsilon: 1e-5 })),
  misfit('conv2dGeneral, groups, a filter too deep', refused('aten::convolution'), () => kernel('Conv2DGeneral', { x: ones(1, 5, 5, 8), filter: ones(3, 3, 8, 8) }, { ...general, groups: 2 })),
  misfit('conv2dGeneral, groups, half a stride', whole, () => kernel('Conv2DGeneral', { x: ones(1, 5, 5, 8), filter: ones(3, 3, 4, 8) }, { ...general, strides: [0.5, 1], groups: 2 })),
  misfit('dX of groups, a larger picture', refused('aten::convolution_backward'), () => kernel('Conv2DGeneralInputGrad', { dy: ones(1, 3, 3, 8), filter: ones(3, 3, 4, 8) }, { ...general, groups: 2, shape: [1, 50, 50, 8] })),
  misfit('dF of groups, a larger filter', refused('aten::convolution_backward'), () => kernel('Conv2DGeneralFilterGrad', { dy: ones(1, 3, 3, 8), x: ones(1, 5, 5, 8) }, { ...general, groups: 2, shape: [30, 30, 4, 8] })),
  misfit('dF of groups, another batch', refused('aten::convolution_backward'), () => kernel('Conv2DGeneralFilterGrad', { dy: ones(9, 3, 3, 8), x: ones(1, 5, 5, 8) }, { ...general, groups: 2, shape: [3, 3, 4, 8] })),
  misfit('dF of groups, a dy of five axes', refused('aten::convolution_backward|aten::permute'), () => kernel('Conv2DGeneralFilterGrad', { dy: ones(1, 3, 3, 8, 2), x: ones(1, 5, 5, 8) }, { ...general, groups: 2, shape: [3, 3, 4, 8] })),
  misfit('dF of one group and a half', whole, () => kernel('Conv2DGeneralFilterGrad', { dy: ones(16, 3, 3, 12), x: ones(16, 5, 5, 12) }, { ...general, groups: 1.5, shape: [3, 3, 8, 12] })),
  misfit('conv2d of groups and more in one pass, a short bias', refused('(mkldnn|aten)::_?convolution'), () => kernel('FusedConv2DGeneral', { x: ones(1, 5, 5, 8), filter: ones(3, 3, 4, 8), bias: ones(1) }, { ...general, groups: 2, activation: 'relu' })),
  misfit('conv2d and more in one pass, a short bias', refused('(mkldnn|aten)::_?convolution'), () => kernel('FusedConv2DGeneral', { x: ones(1, 5, 5, 3), filter: ones(3, 3, 3, 4096), bias: ones(1) }, { ...general, activation: 'relu' })),
  misfit('conv2d and more in one pass, another residual', fitting, () => kernel('FusedConv2DGeneral', { x: ones(1, 50, 50, 3), filter: ones(3, 3, 3, 64), bias: ones(64), residual: ones(1, 2, 2, 64) }, { ...general, activation: 'relu' })),
  misfit('softCrossEntropy, other targets', fitting, () => kernel('SoftCrossEntropy', { logits: ones(2, 3), targets: ones(1, 3) })),
  misfit('softCrossEntropy, dx of other targets', fitting, () => kernel('SoftCrossEntropyGrad', { dy: ones(2), logits: ones(2, 3), targets: ones(1, 3) })),
  misfit('softCrossEntropy, dx of another dy', refused('aten::(reshape|mul_)'), () => kernel('SoftCrossEntropyGrad', { dy: ones(5), logits: ones(2, 3), targets: ones(2, 3) })),
  misfit('smoothedCrossEntropy, dx of a label too far', refused('aten::scatter_add_'), () => kernel('SmoothedCrossEntropyGrad', { dy: ones(2), logits: ones(2, 3), labels: ints(1, 9), epsilon: ones(2) })),
  misfit('smoothedCrossEntropy, other epsilons', refused('aten::reshape'), () => kernel('SmoothedCrossEntropyGrad', { dy: ones(2), logits: ones(2, 3), labels: ints(1, 2), epsilon: ones(5) })),
  misfit('logSoftmax, dx of another dy', fitting, () => kernel('LogSoftmaxRowsGrad', { dy: ones(40000, 3), y: ones(1, 3) })),
  misfit('linear, other inputs', refused('aten::linear'), () => kernel('Linear', { x: ones(2, 3), weight: ones(4, 5), bias: ones(4) })),
  misfit('linear, a short bias', refused('aten::linear'), () => kernel('Linear', { x: ones(2, 3), weight: ones(4, 3), bias: ones(3) })),
  misfit('layerNorm, a short scale', refused('aten::native_layer_norm'), () => kernel('LayerNorm', { x: ones(4, 4096), scale: ones(2), offset: ones(4096) }, { epsilon: 1e-5 })),
  misfit('layerNorm, dx of another dy', fitting, () => kernel('LayerNormGrad', { dy: ones(1, 3), x: ones(40000, 3), scale: ones(3), mean: ones(40000, 1), inverseDeviation: ones(40000, 1) })),
  misfit('layerNorm, mean of another', fitting, () => kernel('LayerNormGrad', { dy: ones(4, 64), x: ones(4, 64), scale: ones(64), mean: ones(1, 1), inverseDeviation: ones(4, 1) })),
  misfit('gelu, dx of another dy', fitting, () => kernel('GeluGrad', { dy: ones(1, 3), x: ones(40000, 3) }, { form: 'erf' })),
  misfit('selfAttention of heads that do not divide', whole, () => kernel('SelfAttention', { qkv: ones(1, 4, 12) }, { heads: 3 })),
  misfit('selfAttention, dx of another dy', fitting, () => kernel('SelfAttentionGrad', { dy: ones(1, 1, 4), qkv: ones(1, 4000, 12), y: ones(1, 4000, 4), logSums: ones(1, 2, 4000) }, { heads: 2 })),
  misfit('selfAttention, sums of another', fitting, () => kernel('SelfAttentionGrad', { dy: ones(1, 4000, 4), qkv: ones(1, 4000, 12), y: ones(1, 4000, 4), logSums: ones(1, 2, 4) }, { heads: 2 })),
  misfit('gather, too far', ['InputError', /index value 7 is not in \[0, 2\]/], () => kernel('GatherV2', { x: ones(3, 2), indices: ints(7) }, { axis: 0, batchDims: 0 })),
  misfit('gather, negative', ['InputError', /index value -1/], () => kernel('GatherV2', { x: ones(3, 2), indices: ints(-1) }, { axis: 0, batchDims: 0 })),
  misfit('gather by floats', refused('aten::index_select'), () => kernel('GatherV2', { x: ones(3, 2), indices: ones(2) }, { axis: 0, batchDims: 0 })),
  misfit('gatherND, too far', refused('aten::index_select'), () => kernel('GatherNd', { params: ones(3, 2), indices: tf.tensor2d([[9, 0]], [1, 2], 'int32') })),
  misfit('scatterND, too far', refused('aten::scatter_add'), () => kernel('ScatterNd', { indices: tf.tensor2d([[99]], [1, 1], 'int32'), updates: ones(1) }, { shape: [3] })),
  misfit('segment, too far', refused('aten::scatter_add'), () => kernel('UnsortedSegmentSum', { x: ones(3, 2), segmentIds: ints(0, 99, 1) }, { numSegments: 2 })),
  misfit('concat', refused('aten::cat'), () => kernel('Concat', [ones(2, 3), ones(2, 4)], { axis: 0 })),
  misfit('stack', refused('aten::stack'), () => kernel('Pack', [ones(2, 3), ones(2, 4)], { axis: 0 })),
  misfit('maxPool, no window', refused('aten::max_pool2d'), () => kernel('MaxPool', { x: ones(1, 4, 4, 1) }, { ...pool, filterSize: 0 })),
  misfit('maxPool, stride 0', whole, () => kernel('MaxPool', { x: ones(1, 4, 4, 1) }, { ...pool, strides: 0 })),
  misfit('maxPool, window below 0', refused('aten::max_pool2d'), () => kernel('MaxPool', { x: ones(1, 4, 4, 1) }, { ...pool, filterSize: -1 })),
  misfit('maxPool, huge padding', refused('aten::pad'), () => kernel('MaxPool', { x: ones(1, 4, 4, 1) }, { ...pool, pad: 1e9 })),
  misfit('maxPool, dx of another dy', refused('aten::max_pool2d_with_indices_backward'), () => kernel('MaxPoolGrad', { dy: ones(1, 9, 9, 1), input: ones(1, 4, 4, 1), output: ones(1, 2, 2, 1) }, pool)),
  misfit('maxPool, maxima of another picture', ['Error', /found again: 1,0,1,0,0,0,0,0,1,0,1,0,0,0,0,0/], foreignMaxima),
  misfit('avgPool, stride 0', whole, () => kernel('AvgPool', { x: ones(1, 4, 4, 1) }, { ...pool, strides: 0 })),
  misfit('avgPool, dx of another dy', refused('aten::avg_pool2d_backward'), () => kernel('AvgPoolGrad', { dy: ones(1, 1, 1, 1), input: ones(1, 400, 400, 1) }, pool)),
  misfit('avgPool3d, dx of another dy', refused('aten::avg_pool3d_backward'), () => kernel('AvgPool3DGrad', { dy: ones(1, 1, 1, 1, 1), input: ones(1, 40, 40, 40, 1) }, pool)),
  misfit('reshape to another size', ['Error', /must match the product/], () => kernel('Reshape', { x: ones(2, 3) }, { shape: [7] })),
  misfit('reshape to a fraction', whole, () => kernel('Reshape', { x: ones(2, 3) }, { shape: [1.5, 4] })),
  misfit('reshape beyond 2^53', whole, () => kernel('Reshape', { x: ones(0, 3) }, { shape: [2 ** 60, 0] })),
  misfit('transpose along an axis twice', refused('aten::permute'), () => kernel('Transpose', { x: ones(2, 3) }, { perm: [0, 0] })),
  misfit('tile, NaN times', whole, () => kernel('Tile', { x: ones(2) }, { reps: [Number.NaN] })),
  misfit('tile, 2^64 + 4096 times', whole, () => kernel('Tile', { x: ones(2) }, { reps: [2 ** 64 + 2 ** 12] })),
  misfit('tile along one axis more', fitting, () => kernel('Tile', { x: ones(2) }, { reps: [2, 2] })),
  misfit('pad by NaN', whole, () => kernel('PadV2', { x: ones(3) }, { paddings: [[Number.NaN, 0]], constantValue: 0 })),
  misfit('fill NaN places', whole, () => kernel('Fill', {}, { shape: [Number.NaN], value: 1, dtype: 'float32' })),
  misfit('fill 2^64 places', whole, () => kernel('Fill', {}, { shape: [2 ** 64], value: 1, dtype: 'float32' })),
  misfit('fill 2^45 places', refused('empty'), () => kernel('Fill', {}, { shape: [2 ** 45], value: 1, dtype: 'float32' })),
  misfit('fill along 5000 axes', ['EngineError', /list of 5000 numbers/], () => kernel('Fill', {}, { shape: Array(5000).fill(1), value: 1, dtype: 'float32' })),
  misfit('topk of too few', fitting, () => kernel('TopK', { x: ones(5) }, { k: 9, sorted: true })),
  misfit('addN of two shapes', fitting, () => kernel('AddN', [ones(1), ones(3)])),
  misfit('reluGrad', refused('aten::mul_'), () => kernel('ReluGrad', { dy: ones(5), y: ones(2) })),
  misfit('cast to an unknown type', ['EngineError', /lacks an argument/], () => kernel('Cast', { x: ones(2) }, { dtype: 'float99' })),
  misfit('division of int32 by zero', refused('aten::floor_divide'), () => kernel('FloorDiv', { a: ints(1), b: ints(0) })),
  misfit('sgd, a short gradient', fitting, () => kernel('SgdMomentumStep', pair(variable(1e6), ones(3), variable(1e6)), sgd)),
  misfit('sgd, a gradient of a row', fitting, () => kernel('SgdMomentumStep', pair(variable(1000, 1000), ones(1000), variable(1000, 1000)), sgd)),
  misfit('sgd, a short velocity', fitting, () => kernel('SgdMomentumStep', pair(variable(1e6), ones(1e6), variable(3)), sgd)),
  misfit('sgd, a gradient too few', fitting, () => kernel('SgdMomentumStep', { ...pair(variable(3), ones(3), variable(3)), 'variable/1': variable(3), 'velocity/1': variable(3) }, sgd)),
  misfit('sgd, int32 gradient', refused('aten::_fused_sgd_'), () => kernel('SgdMomentumStep', pair(variable(3), ints(1, 2, 3), variable(3)), sgd)),
  misfit('sgd, bool gradient', refused('aten::_fused_sgd_'), () => kernel('SgdMomentumStep', pair(variable(1e6), tf.ones([1e6], 'bool'), variable(1e6)), sgd)),
  misfit('adam, a short gradient', fitting, () => kernel('AdamStep', four(variable(1e6), ones(3), variable(1e6), variable(1e6)), adam)),
  misfit('adam, a short mean', fitting, () => kernel('AdamStep', four(variable(1e6), ones(1e6), variable(3), variable(1e6)), adam)),
  misfit('adam, a short square', fitting, () => kernel('AdamStep', four(variable(1e6), ones(1e6), variable(1e6), variable(3)), adam)),
  misfit('adam, a step too few', fitting, () => kernel('AdamStep', four(variable(3), ones(3), variable(3), variable(3)), { ...adam, steps: [] })),
  misfit('adam, int32 gradient', refused('aten::_fused_adam_'), () => kernel('AdamStep', four(variable(3), ints(1, 2, 3), variable(3), variable(3)), adam)),
  misfit('averages, a short value', fitting, () => kernel('MovingAverageStep', { 'average/0': variable(1e6), 'value/0': ones(3) }, { decay: 0.5 })),
  misfit('averages, a value of one', fitting, () => kernel('MovingAverageStep', { 'average/0': variable(3), 'value/0': ones(1) }, { decay: 0.5 })),
  misfit('cross-entropy, label out of range', refused('aten::nll_loss_forward'), () => kernel('SparseCrossEntropy', { logits: ones(2, 3), labels: ints(0, 3) })),
  misfit('cross-entropy, label -100', refused('aten::nll_loss_forward'), () => kernel('SparseCrossEntropy', { logits: ones(2, 3), labels: ints(0, -100) })),
  misfit('cross-entropy, too few labels', refused('aten::nll_loss_forward'), () => kernel('SparseCrossEntropy', { logits: ones(2, 3), labels: ints(0) })),
  misfit('its gradient, label out of range', refused('aten::scatter_add_'), () => kernel('SparseCrossEntropyGrad', { dy: ones(2), logits: ones(2, 3), labels: ints(0, 1e8) })),
  misfit('its gradient, label below 0', refused('aten::scatter_add_'), () => kernel('SparseCrossEntropyGrad', { dy: ones(2), logits: ones(2, 3), labels: ints(0, -1e8) })),
  misfit('its gradient, too few labels', refused('aten::reshape'), () => kernel('SparseCrossEntropyGrad', { dy: ones(2), logits: ones(2, 3), labels: ints(0) })),
  misfit('its gradient, another dy', refused('aten::reshape'), () => kernel('SparseCrossEntropyGrad', { dy: ones(1), logits: ones(2, 3), labels: ints(0, 1) })),
  misfit('pictures of too many bytes', fitting, () => kernel('ImagesFromBytes', {}, { ...images, bytes: new Uint8Array(5e7) })),
  misfit('pictures of too few bytes', fitting, () => kernel('ImagesFromBytes', {}, { ...images, bytes: new Uint8Array(3) })),
  misfit('imagesFromBytes of too few', ['InputError', /as many bytes as \[1,2,2,3\]/], () => imagesFromBytes(new Uint8Array(3), [1, 2, 2, 3], { mean: [0, 0, 0], std: [1, 1, 1] })),
  misfit('pictures with two means', refused('aten::mul_'), () => kernel('ImagesFromBytes', {}, { ...images, bytes: new Uint8Array(12), mean: [0, 0], std: [1, 1] })),
  misfit('too few values', fitting, () => tf.engine().makeTensor(new Float32Array(2), [1000], 'float32')),
  misfit('too many values', fitting, () => tf.engine().makeTensor(new Float32Array(2000), [10], 'float32')),
  misfit('a shape that is not the tensor’s', fitting, () => tf.getKernel('Relu', 'torch')!.kernelFunc({ inputs: { x: { dataId: ones(2).dataId, shape: [100], dtype: 'float32' } }, attrs: {}, backend: tf.backend() })),
  misfit('an input too few', unknown, () => kernel('Add', { a: ones(2) })),
  misfit('a bogus data id', unknown, () => tf.getKernel('Relu', 'torch')!.kernelFunc({ inputs: { x: { dataId: {}, shape: [2], dtype: 'float32' } }, attrs: {}, backend: tf.backend() })),
  misfit('a bogus data id, read', unknown, () => tf.backend().readSync({})),
];

function outcome({ name, run }: Misfit): Outcome {
  const [handles, tensors] = [liveHandles(), tf.memory().numTensors];
  tf.engine().startScope();
  let thrown = new Error('nothing was thrown');
  try {
    run();
  } catch (error) {
    thrown = error as Error;
  }
  tf.engine().endScope();
  tf.disposeVariables();
  return {
    name,
    error: thrown.name,
    message: thrown.message,
    leftHandles: liveHandles() - handles,
    leftTensors: tf.memory().numTensors - tensors,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  registerTorchBackend({ library: process.argv[2]! });
  await tf.setBackend('torch');
  for (const one of MISFITS) process.stdout.write(`${JSON.stringify(outcome(one))}\n`);
}
