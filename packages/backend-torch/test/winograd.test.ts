/** Winograd's way beside libtorch's own convolution in float64, which takes no such way. */
import { conv2dGeneral, fusedConv2dGeneral, sgdMomentumStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TorchBackend } from '../src/backend.ts';
import { liveHandles } from '../src/index.ts';
import { type ConvAttributes, convGradient, convolve } from '../src/kernels/conv.ts';
import { byWinograd, filterGradByWinograd, inputGradByWinograd } from '../src/kernels/winograd-conv.ts';
import { backend, distance, encodings, exact, here, random, tensorOf } from './machine.ts';
import { EVERYWHERE } from './places.ts';

type T1 = tf.Tensor1D;
type T4 = tf.Tensor4D;
if (!here) console.log('no convolutions by Winograd’s way: they need libtorch, Linux and AVX2.');

/** float32 keeps 2^-24 of a value; a place is a sum of 16 Cin products, and the largest is larger than most. */
const TOLERANCE = 1e-5;

const pair = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
const channels = fc.constantFrom(4, 8, 12, 16, 24, 32, 64);
const convolutions = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  places: pair(2, 19),
  inputs: channels,
  outputs: channels,
  padding: fc.tuple(pair(0, 2), pair(0, 2)),
  encoding: fc.constantFrom(...encodings),
  threads: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1000),
});
type Drawn = typeof convolutions extends fc.Arbitrary<infer T> ? T : never;

const everywhere = (check: (drawn: Drawn) => void): void =>
  fc.assert(
    fc.property(convolutions, (drawn) => {
      const before = [tf.memory().numTensors, liveHandles()];
      tf.tidy(() => check(drawn));
      expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
    }),
    { numRuns: 200, seed: 1 },
  );

function shapesOf({ count, places, inputs, outputs, padding }: Drawn) {
  const size = places.map((n, axis) => n + 2 - padding[axis]![0] - padding[axis]![1]);
  fc.pre(size.every((n) => n > 0));
  const how: ConvAttributes = { groups: 1, strides: [1, 1], dilations: [1, 1], padding };
  const [x, y] = [
    [count, ...size, inputs],
    [count, ...places, outputs],
  ];
  return { how, x: x!, filter: [3, 3, inputs, outputs], y: y! };
}
const optionsOf = ({ encoding, threads }: Drawn, shape: number[]) => ({
  shape,
  backend: backend(),
  encoding,
  threads,
  least: 0,
});

describe.skipIf(!here)('winograd', () => {
  beforeAll(() => tf.setBackend('torch').then(() => undefined));

  it('forward, with bias, residual and ReLU', () =>
    everywhere((drawn) => {
      const { how, x: xShape, filter: filterShape, y: shape } = shapesOf(drawn);
      const { seed } = drawn;
      const [x, filter] = [random(xShape, seed), random(filterShape, seed + 1)];
      const bare = exact({ x, filter }, shape, (wide) => convolve(wide.x, wide.filter, how));
      const options = optionsOf(drawn, shape);
      expect(distance(tensorOf(byWinograd({ x, filter }, how, options), shape), bare)).toBeLessThan(
        TOLERANCE,
      );
      const [bias, residual] = [random([shape[3]!], seed), random(shape, seed + 2)];
      for (const more of [{ bias }, { residual }, { bias, residual }]) {
        const own = byWinograd({ x, filter, ...more }, how, { ...options, isRelu: true });
        const sum = Object.values(more).reduce((so: tf.Tensor, term) => tf.add(so, term), bare);
        // They may take away most of the largest value, not of its error.
        expect(distance(tensorOf(own, shape), tf.relu(sum))).toBeLessThan(10 * TOLERANCE);
      }
    }));

  it('dX', () =>
    everywhere((drawn) => {
      const { how, x: shape, filter: filterShape, y } = shapesOf(drawn);
      fc.pre(Math.min(shape[1]!, shape[2]!) >= 2);
      const [dy, filter] = [random(y, drawn.seed), random(filterShape, drawn.seed + 1)];
      const wanted = { dy, filter, x: tf.zeros(shape) };
      const expected = exact(wanted, shape, (wide) => convGradient(wide, how, 'x'));
      const own = inputGradByWinograd({ dy, filter }, how, optionsOf(drawn, shape));
      expect(distance(tensorOf(own, shape), expected)).toBeLessThan(TOLERANCE);
    }));

  it('dF', () =>
    everywhere((drawn) => {
      const { how, x: xShape, filter: shape, y } = shapesOf(drawn);
      const [x, dy] = [random(xShape, drawn.seed), random(y, drawn.seed + 1)];
      const wanted = { dy, x, filter: tf.zeros(shape) };
      const expected = exact(wanted, shape, (wide) => convGradient(wide, how, 'filter'));
      const own = filterGradByWinograd({ dy, x }, how, optionsOf(drawn, shape));
      expect(distance(tensorOf(own, shape), expected)).toBeLessThan(TOLERANCE);
    }));

  const plain = { groups: 1, ...EVERYWHERE };

  it.each([
    [3, 14, 256, 192],
    [2, 7, 512, 512],
    [2, 56, 64, 64],
    [1, 61, 16, 16],
  ])('as wide as in a ResNet: %i of %i, %i to %i channels', (count, size, inputs, outputs) => {
    tf.tidy(() => {
      const shape = [count, size, size, outputs];
      const [x, filter] = [random([count, size, size, inputs], 1), random([3, 3, inputs, outputs], 2)];
      const expected = exact({ x, filter }, shape, (wide) => convolve(wide.x, wide.filter, plain));
      const own = byWinograd({ x, filter }, plain, { shape, backend: backend(), least: 0 });
      expect(distance(tensorOf(own, shape), expected)).toBeLessThan(TOLERANCE);
    });
  });

  const WIDE: [number, number, number, number] = [32, 14, 14, 64];
  it.each<[string, object]>([
    ['strides', { strides: [2, 2] }],
    ['dilations', { dilations: [1, 2] }],
    ['groups', { groups: 2 }],
    ['padding that cuts', { padding: [plain.padding[0], [-1, 3]] }],
    ['bfloat16', { backend: new TorchBackend({ autocast: 'bfloat16' }) }],
    ['an empty batch', { shape: [0, 14, 14, 64] }],
    ['int32', { dtype: 'int32' }],
    ['a filter of another size', { size: 5 }],
    ['channels that do not fit', { inputs: 128 }],
    ['', {}],
  ])('is not for %s', (name, other) => {
    const given = { inputs: 64, size: 3, dtype: 'float32', shape: WIDE, backend: backend(), ...other };
    const info = (shape: number[], dtype: tf.DataType): tf.TensorInfo => ({ dataId: {}, shape, dtype });
    const filter = info([given.size, given.size, given.inputs, 64], 'float32');
    const run = () =>
      byWinograd({ x: info(WIDE, given.dtype as tf.DataType), filter }, { ...plain, ...other }, given);
    if (name) expect(run()).toBeUndefined();
    else expect(run).toThrow('disposed'); // else it goes on to read them, which are of no backend
  });

  const wide = () => ({
    x: random(WIDE, 1) as T4,
    filter: random([3, 3, 64, 64], 2) as T4,
    bias: random([64], 3) as T1,
    residual: random(WIDE, 4) as T4,
  });
  const inFloat64 = ({ x, filter, bias, residual }: ReturnType<typeof wide>): tf.Tensor => {
    const bare = exact({ x, filter }, WIDE, (all) => convolve(all.x, all.filter, plain));
    return tf.relu(tf.add(tf.add(bare, bias), residual));
  };

  it('a transposed picture and residual', () => {
    tf.tidy(() => {
      const { filter, bias, ...rest } = wide();
      const [x, residual] = [rest.x, rest.residual].map((all) => tf.transpose(all, [0, 2, 1, 3])) as [T4, T4];
      const y = fusedConv2dGeneral(x, { filter, bias, residual }, { padding: 1, activation: 'relu' });
      expect(distance(y, inFloat64({ x, filter, bias, residual }))).toBeLessThan(TOLERANCE);
    });
  });

  it('keeps NaN through ReLU', () => {
    tf.tidy(() => {
      const { filter, bias } = wide();
      const x = tf.fill(WIDE, Number.NaN) as T4;
      const y = fusedConv2dGeneral(x, { filter, bias }, { padding: 1, activation: 'relu' });
      expect([...y.dataSync()].every(Number.isNaN)).toBe(true);
    });
  });

  it('keeps a filter transformed for as long as it stays as it is', () => {
    const { x, filter, bias, residual } = wide();
    const variable = tf.variable(filter) as tf.Variable<tf.Rank.R4>;
    const velocity = tf.tidy(() => tf.variable(tf.zeros(filter.shape)));
    filter.dispose(); // or the variable would share its memory
    const all = { filter: variable, bias, residual };
    const run = () =>
      tf.tidy(() => {
        const y = fusedConv2dGeneral(x, all, { padding: 1, activation: 'relu' });
        expect(distance(y, inFloat64({ x, ...all }))).toBeLessThan(TOLERANCE);
      });
    const before = liveHandles();
    run();
    expect(liveHandles()).toBe(before + 1);
    run();
    expect(liveHandles()).toBe(before + 1);
    const slope = random(filter.shape, 5);
    sgdMomentumStep([variable], [slope], [velocity], { learningRate: 0.5, momentum: 0, weightDecay: 0 });
    expect(liveHandles()).toBe(before + 1); // the slope's
    run();
    tf.tidy(() => variable.assign(tf.neg(slope) as T4));
    run();
    tf.dispose([x, bias, residual, slope, variable, velocity]);
    expect(liveHandles()).toBe(before - 5);
  });

  it('keeps no filter that is being trained, and is what tf.conv2d goes by', () => {
    const { x, filter, ...rest } = wide();
    const before = liveHandles();
    const trained = tf.valueAndGrad((a: tf.Tensor) => conv2dGeneral(a as T4, filter, { padding: 1 }))(x);
    const tfjs = tf.valueAndGrad((a: tf.Tensor) => tf.conv2d(a as T4, filter, 1, 'same'))(x);
    expect(liveHandles()).toBe(before + 4);
    tf.tidy(() => {
      for (const key of ['value', 'grad'] as const) expect(distance(tfjs[key], trained[key])).toBe(0);
    });
    tf.dispose([trained, tfjs, x, filter, rest]);
    expect(liveHandles()).toBe(before - 4);
  });

  it('leaves nothing behind where it fails', () => {
    const { x, filter, bias, residual } = wide();
    const before = liveHandles();
    const freed = tf.tidy(() => tf.clone(residual));
    const run = () =>
      byWinograd({ x, filter, bias, residual: freed }, plain, { shape: WIDE, backend: backend() });
    residual.dispose();
    freed.dispose();
    expect(run).toThrow('disposed');
    expect(liveHandles()).toBe(before - 1 + 1); // the filter's, kept with it
    const short = tf.ones([7]) as T1;
    expect(() => fusedConv2dGeneral(x, { filter, bias: short }, { padding: 1 })).toThrow();
    tf.dispose([x, filter, bias, short]);
    expect(liveHandles()).toBe(before - 4);
  });
});
