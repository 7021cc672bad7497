/** Grouped convolutions by machine code beside libtorch's own in float64, with the instructions of either kind of CPU. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fusedConv2dGeneral } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { liveHandles } from '../src/index.ts';
import { type ConvAttributes, convGradient, convolve, convShape } from '../src/kernels/conv.ts';
import * as machine from '../src/kernels/machine-conv.ts';
import { library } from './both.ts';
import { backend, distance, encodings, exact, here, random, tensorOf } from './machine.ts';
import { EVERYWHERE } from './places.ts';

if (!here) console.log('no grouped convolutions by machine code: they need libtorch, Linux and AVX2.');

const pair = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
const channels = fc.constantFrom<number[]>(4, 8, 12, 16, 24, 32);
const convolutions = fc.record({
  count: fc.integer({ min: 1, max: 8 }),
  groups: fc.integer({ min: 2, max: 16 }),
  inputs: channels,
  outputs: channels,
  window: pair(1, 4),
  more: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 40 })),
  strides: pair(1, 3),
  dilations: pair(1, 2),
  padding: fc.tuple(pair(0, 3), pair(0, 3)),
  encoding: fc.constantFrom(...encodings),
  threads: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1000),
});
type Drawn = typeof convolutions extends fc.Arbitrary<infer T> ? T : never;

function shapesOf({ window, dilations, more, count, groups, inputs, outputs, strides, padding }: Drawn) {
  const how: ConvAttributes = { groups, strides, padding, dilations };
  const size = more.map((n, axis) => dilations[axis]! * (window[axis]! - 1) + 1 + n);
  const x = [count, ...size, groups * inputs];
  const filter = [...window, inputs, groups * outputs];
  return { how, x, filter, y: convShape(x, filter, how) };
}

/** float32 keeps 2^-24 of a value; the sums are of at most 3000 products, and the largest value is larger than most. */
const TOLERANCE = 1e-5;

const optionsOf = ({ encoding, threads }: Drawn, shape: number[]) => ({
  shape,
  backend: backend(),
  encoding,
  threads,
});

/** `check` on random convolutions, each leaving as much as there was. */
function everywhere(check: (drawn: Drawn) => void): void {
  const property = fc.property(convolutions, (drawn) => {
    const before = [tf.memory().numTensors, liveHandles()];
    tf.tidy(() => check(drawn));
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
  });
  fc.assert(property, { numRuns: 200, seed: 1 });
}

describe.skipIf(!here)('grouped convolutions by machine code', () => {
  beforeAll(() => tf.setBackend('torch').then(() => undefined));

  it('forward, with bias and ReLU', () =>
    everywhere((drawn) => {
      const { how, x: xShape, filter: filterShape, y: shape } = shapesOf(drawn);
      const { seed } = drawn;
      const [x, filter, bias] = [
        random(xShape, seed),
        random(filterShape, seed + 1),
        random([shape[3]!], seed),
      ];
      const bare = exact({ x, filter }, shape, (wide) => convolve(wide.x, wide.filter, how));
      const options = optionsOf(drawn, shape);
      const own = tensorOf(machine.byMachineCode({ x, filter }, how, options), shape);
      expect(distance(own, bare)).toBeLessThan(TOLERANCE);
      const ended = machine.byMachineCode({ x, filter, bias }, how, { ...options, isRelu: true });
      // The bias may take away most of the largest value, not of its error.
      expect(distance(tensorOf(ended, shape), tf.relu(tf.add(bare, bias)))).toBeLessThan(10 * TOLERANCE);
    }));

  it('dX', () =>
    everywhere((drawn) => {
      const isStrided = drawn.strides.some((step) => step > 1);
      const given = isStrided ? { ...drawn, inputs: Math.ceil(drawn.inputs / 16) * 16 } : drawn;
      const { how, x: shape, filter: filterShape, y } = shapesOf(given);
      const [dy, filter] = [random(y, drawn.seed), random(filterShape, drawn.seed + 1)];
      const wanted = { dy, filter, x: tf.zeros(shape) };
      const expected = exact(wanted, shape, (wide) => convGradient(wide, how, 'x'));
      const own = machine.inputGradByMachineCode({ dy, filter }, how, optionsOf(drawn, shape));
      expect(distance(tensorOf(own, shape), expected)).toBeLessThan(TOLERANCE);
    }));

  it('dF', () =>
    everywhere((drawn) => {
      const few = { ...drawn, inputs: Math.min(drawn.inputs, 8), outputs: Math.min(drawn.outputs, 8) };
      const { how, x: xShape, filter: shape, y } = shapesOf(drawn.encoding === 'vex' ? drawn : few);
      const [x, dy] = [random(xShape, drawn.seed), random(y, drawn.seed + 1)];
      const wanted = { dy, x, filter: tf.zeros(shape) };
      const expected = exact(wanted, shape, (wide) => convGradient(wide, how, 'filter'));
      const own = machine.filterGradByMachineCode({ dy, x }, how, optionsOf(drawn, shape));
      expect(distance(tensorOf(own, shape), expected)).toBeLessThan(TOLERANCE);
    }));

  it('gives the same bits twice, whatever thread is first', () => {
    tf.tidy(() => {
      const [x, dy] = [random([9, 20, 20, 32], 1), random([9, 20, 20, 32], 2)] as [tf.Tensor4D, tf.Tensor4D];
      const how = { groups: 4, ...EVERYWHERE };
      const once = () => {
        const shape = [3, 3, 8, 32];
        const own = machine.filterGradByMachineCode({ dy, x }, how, { shape, backend: backend() });
        return Buffer.from((tensorOf(own, shape).dataSync() as Float32Array).buffer).toString('base64');
      };
      expect(new Set(Array.from({ length: 20 }, once)).size).toBe(1);
    });
  });

  it('keeps NaN through ReLU', () => {
    tf.tidy(() => {
      const x = tf.fill([1, 3, 3, 8], Number.NaN) as tf.Tensor4D;
      const filter = tf.ones([1, 1, 4, 8]) as tf.Tensor4D;
      const y = fusedConv2dGeneral(x, { filter, bias: tf.zeros([8]) }, { groups: 2, activation: 'relu' });
      expect([...y.dataSync()].every(Number.isNaN)).toBe(true);
    });
  });

  it.each<[string, Partial<Drawn>]>([
    ['one group', { groups: 1 }],
    ['channels that are no multiple of 4', { inputs: 6 }],
    ['many channels', { outputs: 64 }],
    [
      'padding that cuts',
      {
        padding: [
          [-1, 0],
          [0, 0],
        ],
      },
    ],
    ['pictures that do not fit in a core’s cache', { more: [600, 600] }],
  ])('leaves %s to libtorch', (_, change) => {
    tf.tidy(() => {
      const usual = { count: 1, groups: 2, inputs: 8, outputs: 8, window: [3, 3], more: [4, 4] } as const;
      const drawn = { ...usual, ...EVERYWHERE, ...change, encoding: 'vex', seed: 1 } as unknown as Drawn;
      const { how, x, filter, y: shape } = shapesOf(drawn);
      const operands = { x: random(x, 1), filter: random(filter, 2) };
      expect(machine.byMachineCode(operands, how, { shape, backend: backend() })).toBeUndefined();
    });
  });

  const ran = (program: string, ...more: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, program), library!, ...more], {
      encoding: 'utf8',
    });

  it('touches nothing beyond what it is given', () => {
    expect(ran('guarded-program.ts').stdout.trim()).toBe(String(100 * encodings.length));
    expect(ran('guarded-program.ts', 'short').signal).toBe('SIGSEGV');
  });

  it('is not there where no memory may become executable', (context) => {
    const { isRefused, ...made } = JSON.parse(ran('refused-program.ts').stdout);
    context.skip(isRefused === false, 'this kernel has no PR_SET_MDWE');
    expect(made).toEqual({ before: true, after: [false, false] });
  });
});
