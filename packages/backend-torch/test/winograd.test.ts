/** Winograd's way beside libtorch's own convolution in float64, which takes no such way. */
import { conv2dGeneral, fusedConv2dGeneral, normal, sgdMomentumStep } from '@longtail/kernels';
import { testDevice } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { TorchBackend } from '../src/backend.ts';
import { call, optional } from '../src/dispatch.ts';
import type { Handle } from '../src/handle.ts';
import { liveHandles } from '../src/index.ts';
import { roundOf, type WinogradOptions, winograd } from '../src/kernels/winograd.ts';
import { byWinograd, winogradSpeed } from '../src/kernels/winograd-conv.ts';
import { transformed } from '../src/kernels/winograd-filter.ts';
import { cast, pad, permute, scoped } from '../src/shims.ts';
import { library } from './both.ts';

type T1 = tf.Tensor1D;
type T4 = tf.Tensor4D;
type Pads = readonly [top: number, bottom: number, left: number, right: number];
interface Operands {
  readonly x: T4;
  readonly filter: T4;
  readonly bias?: T1 | undefined;
  readonly residual?: T4 | undefined;
}

const backend = () => tf.backend() as TorchBackend;
const handle = (tensor: tf.Tensor): Handle => backend().handle(tensor);
const random = (seed: number, ...shape: number[]) => normal(shape, { seed });
const tensorOf = (made: Handle, shape: number[]) =>
  tf.engine().makeTensorFromTensorInfo(backend().output(made, shape, 'float32'));
const sidesOf = ([top, bottom, left, right]: Pads) =>
  [
    [top, bottom],
    [left, right],
  ] as const;
const outShape = ({ x: { shape }, filter }: Operands, [top, bottom, left, right]: Pads): number[] => [
  shape[0],
  shape[1] + top + bottom - 2,
  shape[2] + left + right - 2,
  filter.shape[3],
];

function inFloat64({ x, filter, bias, residual }: Operands, pads: Pads, isRelu: boolean): tf.Tensor {
  const sum = scoped((use) => {
    const wide = (tensor: tf.Tensor) => use(cast(handle(tensor), 'float64'));
    const around = use(pad(wide(x), [[0, 0], ...sidesOf(pads), [0, 0]]));
    const images = use(permute(around, [0, 3, 1, 2]));
    const weight = use(permute(wide(filter), [3, 2, 0, 1]));
    const how = [[1, 1], [0, 0], [1, 1], false, [0, 0], 1];
    const offset = bias ? optional(wide(bias)) : null;
    return cast(
      use(permute(use(call('aten::convolution', images, weight, offset, ...how)), [0, 2, 3, 1])),
      'float32',
    );
  });
  const y = tensorOf(sum, outShape({ x, filter }, pads));
  const z = residual ? tf.add(y, residual) : y;
  return isRelu ? tf.relu(z) : z;
}

function ownWay({ x, filter, bias, residual }: Operands, options: WinogradOptions): tf.Tensor {
  const y = scoped((use) => {
    const weights = transformed(handle(filter), roundOf(options.shape).tiles).map(use);
    const operands = { bias: bias && handle(bias), residual: residual && handle(residual) };
    return winograd({ x: handle(x), weights, ...operands }, options);
  });
  return tensorOf(y, [...options.shape]);
}

/** The largest difference as a part of the expected values' root mean square. */
function distance(actual: tf.Tensor, expected: tf.Tensor): number {
  expect(actual.shape).toEqual(expected.shape);
  return tf.tidy(() => {
    const apart = tf.max(tf.abs(tf.sub(actual, expected)));
    return tf.div(apart, tf.sqrt(tf.mean(tf.square(expected)))).dataSync()[0]!;
  });
}

/**
 * float32 keeps 2^-24 of a value. A place is a sum of 16 Cin products, whose errors add up as a random walk's, and the
 * largest of some thousand places is four or five deviations off: 2e-6 with 5 channels, 8e-6 with 512.
 */
const TOLERANCE = 2e-5;

describe.skipIf(!library || testDevice() === 'gpu' || process.arch !== 'x64')('winograd', () => {
  beforeAll(() => tf.setBackend('torch'));

  const cases: [name: string, x: number[], outputs: number, pads: Pads][] = [
    ['even sizes', [2, 6, 8, 5], 5, [1, 1, 1, 1]],
    ['odd sizes, more channels out', [3, 7, 5, 3], 9, [1, 1, 1, 1]],
    ['one odd size, fewer channels out', [1, 4, 9, 20], 2, [1, 1, 1, 1]],
    ['no padding', [2, 5, 6, 4], 4, [0, 0, 0, 0]],
    ['padding of four kinds', [2, 5, 6, 4], 4, [0, 2, 3, 1]],
    ['padding that cuts', [2, 7, 8, 4], 4, [-1, 1, 1, -2]],
    ['one place', [2, 1, 1, 6], 3, [1, 1, 1, 1]],
    ['one place without padding', [1, 3, 3, 6], 3, [0, 0, 0, 0]],
    ['one row', [2, 1, 7, 1], 1, [1, 1, 1, 1]],
    ['some rounds, the last of pictures done before', [3, 41, 40, 2], 3, [1, 1, 1, 1]],
    ['a picture larger than a round', [2, 70, 66, 2], 3, [1, 1, 1, 1]],
    ['wide', [3, 14, 14, 256], 192, [1, 1, 1, 1]],
    ['very wide', [2, 7, 7, 512], 512, [1, 1, 1, 1]],
  ];
  it.each(cases)('%s', (_, shape, outputs, pads) => {
    const before = [tf.memory().numTensors, liveHandles()];
    tf.tidy(() => {
      const x = random(1, ...shape) as T4;
      const filter = random(2, 3, 3, shape[3]!, outputs) as T4;
      const out = outShape({ x, filter }, pads);
      const [bias, residual] = [random(3, outputs) as T1, random(4, ...out) as T4];
      for (const extra of [{}, { bias }, { residual }, { bias, residual }])
        for (const isRelu of [false, true]) {
          const operands = { x, filter, ...extra };
          const options = { padding: sidesOf(pads), shape: out, isRelu };
          expect(distance(ownWay(operands, options), inFloat64(operands, pads, isRelu))).toBeLessThan(
            TOLERANCE,
          );
        }
    });
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
  });

  const WIDE = [32, 14, 14, 256];
  const wide = () => ({
    x: random(1, ...WIDE) as T4,
    filter: random(2, 3, 3, 256, 256) as T4,
    bias: random(3, 256) as T1,
    residual: random(4, ...WIDE) as T4,
  });
  const padding = 1;
  const SAME: Pads = [1, 1, 1, 1];

  it('a transposed picture and residual', () => {
    tf.tidy(() => {
      const { filter, ...rest } = wide();
      const [x, residual] = [rest.x, rest.residual].map((all) => tf.transpose(all, [0, 2, 1, 3])) as [T4, T4];
      const y = fusedConv2dGeneral(x, { filter, bias: rest.bias, residual }, { padding, activation: 'relu' });
      const expected = inFloat64({ x, filter, bias: rest.bias, residual }, SAME, true);
      expect(distance(y, expected)).toBeLessThan(TOLERANCE);
    });
  });

  it('is what wide convolutions go by, and no others', () => {
    const speed = (batch: number, size: number, channels: number) =>
      winogradSpeed([batch, size, size, channels], channels);
    for (const [batch, size, channels] of [
      [32, 14, 256],
      [8, 28, 256],
      [16, 14, 512],
      [32, 14, 512],
    ] as const)
      expect(speed(batch, size, channels)).toBeGreaterThan(1.1);
    for (const [batch, size, channels] of [
      [32, 56, 64],
      [32, 28, 128],
      [32, 7, 512],
      [16, 14, 256],
      [128, 32, 16],
    ] as const)
      expect(speed(batch, size, channels)).toBeLessThan(1.1);
  });

  it.each<[string, object]>([
    ['strides', { strides: [2, 2] }],
    ['dilations', { dilations: [1, 2] }],
    ['groups', { groups: 2 }],
    ['bfloat16', { backend: new TorchBackend({ autocast: 'bfloat16' }) }],
    ['an empty batch', { shape: [0, 14, 14, 256] }],
    ['int32', { dtype: 'int32' }],
    ['a filter of another size', { size: 5 }],
    ['channels that do not fit', { inputs: 128 }],
    ['', {}],
  ])('is not for %s', (name, other) => {
    const given = { inputs: 256, size: 3, dtype: 'float32', shape: WIDE, backend: backend(), ...other };
    const info = (shape: number[], dtype: tf.DataType): tf.TensorInfo => ({ dataId: {}, shape, dtype });
    const filter = info([given.size, given.size, given.inputs, 256], 'float32');
    const how = { strides: [1, 1], padding: sidesOf(SAME), dilations: [1, 1], groups: 1, ...other };
    const run = () => byWinograd({ x: info(WIDE, given.dtype as tf.DataType), filter }, how, given);
    if (name) expect(run()).toBeUndefined();
    else expect(run).toThrow('disposed'); // else it goes on to read them, which are of no backend
  });

  it('keeps a filter transformed for as long as it stays as it is', () => {
    const { x, filter, bias, residual } = wide();
    const variable = tf.variable(filter) as tf.Variable<tf.Rank.R4>;
    const velocity = tf.tidy(() => tf.variable(tf.zeros(filter.shape)));
    filter.dispose(); // or the variable would share its memory
    const run = () =>
      tf.tidy(() => {
        const y = fusedConv2dGeneral(
          x,
          { filter: variable, bias, residual },
          { padding, activation: 'relu' },
        );
        const operands = { x, filter: variable as T4, bias, residual };
        expect(distance(y, inFloat64(operands, SAME, true))).toBeLessThan(TOLERANCE);
      });
    const before = liveHandles();
    run();
    expect(liveHandles()).toBe(before + 16);
    run();
    expect(liveHandles()).toBe(before + 16);
    const slope = random(5, ...filter.shape);
    sgdMomentumStep([variable], [slope], [velocity], { learningRate: 0.5, momentum: 0, weightDecay: 0 });
    expect(liveHandles()).toBe(before + 1); // the slope's
    run();
    tf.tidy(() => variable.assign(tf.neg(slope) as T4));
    run();
    tf.dispose([x, bias, residual, slope, variable, velocity]);
    expect(liveHandles()).toBe(before - 5);
  });

  it('is not for training', () => {
    const { filter, ...rest } = wide();
    const x = tf.slice(rest.x, [0, 0, 0, 0], [28, 14, 14, 256]);
    const run = (a: tf.Tensor) => conv2dGeneral(a as T4, filter, { padding });
    const before = liveHandles();
    const { value, grad } = tf.valueAndGrad(run)(x);
    expect(liveHandles()).toBe(before + 2);
    const y = run(x);
    expect(liveHandles()).toBe(before + 3 + 16);
    expect(distance(y, value)).toBeLessThan(TOLERANCE);
    expect(distance(y, value)).toBeGreaterThan(0);
    tf.dispose([value, grad, y, x, filter, ...Object.values(rest)]);
    expect(liveHandles()).toBe(before - 5);
  });

  it('leaves nothing behind where it fails', () => {
    const { x, filter, bias, residual } = wide();
    const weights = transformed(handle(filter), roundOf(WIDE).tiles);
    const before = liveHandles();
    weights[13]!.free();
    const operands = { x: handle(x), weights, bias: handle(bias), residual: handle(residual) };
    expect(() => winograd(operands, { padding: sidesOf(SAME), shape: WIDE })).toThrow('disposed');
    expect(liveHandles()).toBe(before - 1);
    const short = tf.ones([7]) as T1;
    expect(() => fusedConv2dGeneral(x, { filter, bias: short }, { padding })).toThrow();
    for (const weight of weights) weight.free();
    tf.dispose([x, filter, bias, residual, short]);
    expect(liveHandles()).toBe(before - 16 - 4);
  });
});
