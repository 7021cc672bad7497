/**
 * Convolutions and both gradients with every number of channels from 1 to 33, fewer and more than fill a vector, beside
 * libtorch's own in float64, which go another way: not by oneDNN, nor by machine code. The pictures are large enough
 * that what is written past an end meets something.
 */
import { conv2dGeneral } from '@longtail/kernels';
import { testDevice } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { liveHandles } from '../src/index.ts';
import { type ConvAttributes, convGradient, convolve, convShape } from '../src/kernels/conv.ts';
import { library } from './both.ts';
import { distance, exact, random } from './machine.ts';

type T4 = tf.Tensor4D;
const isHere = library !== undefined && testDevice() === 'cpu';
if (!isHere) console.log('no convolutions of 1 to 33 channels: they need libtorch on a CPU.');

interface Case {
  /** Pictures, their height and their width. */
  readonly size: readonly number[];
  readonly window: number;
  readonly strides: [number, number];
  readonly outputs: number;
}
type Operands = Record<'x' | 'filter' | 'dy', tf.Tensor>;

const MOST = 33;
/** float32 keeps 2^-24 of a value; dF is a sum over up to 25088 places, and the largest is larger than most. */
const TOLERANCE = 1e-5;

function attributes({ window, strides }: Case): ConvAttributes {
  const around = [(window - 1) / 2, (window - 1) / 2] as const;
  return { groups: 1, strides, dilations: [1, 1], padding: [around, around] };
}

/** Of the most channels. */
function drawn(given: Case): Operands {
  const [x, filter] = [
    [...given.size, MOST],
    [given.window, given.window, MOST, given.outputs],
  ];
  const dy = convShape(x!, filter!, attributes(given));
  return { x: random(x!, 1), filter: random(filter!, 2), dy: random(dy, 3) };
}

/** The first of their channels. */
const few = ({ x, filter, dy }: Operands, channels: number): Operands => ({
  x: tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, channels]),
  filter: tf.slice(filter, [0, 0, 0, 0], [-1, -1, channels, -1]),
  dy,
});

/** How far y, dX and dF are from what they are in float64. */
function apart(operands: Operands, given: Case): number[] {
  const { x, filter, dy } = operands;
  const how = attributes(given);
  const { strides } = given;
  const convolved = (a: tf.Tensor, b: tf.Tensor) =>
    conv2dGeneral(a as T4, b as T4, { strides, padding: how.padding[0]![0] });
  const [dx, dw] = tf.grads(convolved)([x, filter], dy) as [tf.Tensor, tf.Tensor];
  const wanted = [
    exact(operands, dy.shape, (wide) => convolve(wide.x, wide.filter, how)),
    exact(operands, x.shape, (wide) => convGradient(wide, how, 'x')),
    exact(operands, filter.shape, (wide) => convGradient(wide, how, 'filter')),
  ];
  return [convolved(x, filter), dx, dw].map((actual, i) => distance(actual, wanted[i]!));
}

describe.skipIf(!isHere)('convolutions of 1 to 33 channels', () => {
  beforeAll(() => tf.setBackend('torch').then(() => undefined));

  it.each<[string, Case]>([
    ['single places', { size: [8, 56, 56], window: 1, strides: [1, 1], outputs: 16 }],
    ['single places, in steps', { size: [8, 56, 56], window: 1, strides: [2, 2], outputs: 16 }],
    ['single places, in steps down', { size: [8, 56, 56], window: 1, strides: [2, 1], outputs: 5 }],
    ['single places, in steps across', { size: [8, 57, 57], window: 1, strides: [1, 3], outputs: 8 }],
    ['3x3, 4 n by Winograd’s way', { size: [8, 28, 28], window: 3, strides: [1, 1], outputs: 16 }],
    ['3x3, 4 n by Winograd’s way, to 20', { size: [8, 28, 28], window: 3, strides: [1, 1], outputs: 20 }],
    ['3x3, in steps', { size: [8, 56, 56], window: 3, strides: [2, 2], outputs: 16 }],
  ])('%s', (_, given) => {
    const before = [tf.memory().numTensors, liveHandles()];
    const all = drawn(given);
    for (let channels = 1; channels <= MOST; channels++) {
      const distances = tf.tidy(() => apart(few(all, channels), given));
      for (const far of distances) expect(far, `${channels} channels`).toBeLessThan(TOLERANCE);
    }
    tf.dispose(Object.values(all));
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
  });
});
