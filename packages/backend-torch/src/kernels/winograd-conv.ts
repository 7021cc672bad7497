/**
 * Convolutions at inference by winograd.ts where that is faster than oneDNN's direct one. In multiply-adds of the direct
 * one, of which it does 9 Cin Cout for every place: 16 Cin Cout a tile, PASS for each of the 16 (Cin + Cout) values of a
 * tile that the transforms write and read, and FILTER for each of the 16 Cin Cout of the transformed filter.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import type { Handle } from '../handle.ts';
import { native } from '../native.ts';
import { oneDnn } from '../onednn.ts';
import { scoped } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';
import { roundOf, tilesOf, winograd } from './winograd.ts';
import { transformedOf } from './winograd-filter.ts';

/**
 * Measured on two cores with AVX-512, 128 to 512 channels, 7 to 28 places: 85 to 120, and 160 (a filter over and over
 * again) to 320 (a new one in every call). Another machine's memory may be slower beside its arithmetic, so there is a margin.
 */
const PASS = 100;
const FILTER = 300;
const MARGIN = 1.1;

/** Times as fast as the direct convolution. @param shape the result's; not empty */
export function winogradSpeed([count, height, width, outputs]: readonly number[], inputs: number): number {
  const pairs = inputs * outputs!;
  const tiles = count! * tilesOf(height!) * tilesOf(width!);
  const direct = 9 * pairs * count! * height! * width!;
  return direct / (16 * (tiles * (pairs + PASS * (inputs + outputs!)) + FILTER * pairs));
}

export interface Operands {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly residual?: tf.TensorInfo | undefined;
}

interface Options {
  /** The result's. */
  readonly shape: readonly number[];
  readonly backend: TorchBackend;
  readonly isRelu?: boolean;
}

function pays(
  { x, filter }: Operands,
  { strides, dilations, groups }: ConvAttributes,
  { shape, backend }: Options,
): boolean {
  const [height, width, inputs] = filter.shape;
  const isPlain = height === 3 && width === 3 && [...strides, ...dilations, groups].every((n) => n === 1);
  if (!isPlain || inputs !== x.shape[3] || shape.some((n) => n < 1)) return false;
  const types = [x.dtype, filter.dtype, backend.computeType];
  if (types.some((type) => type !== 'float32') || winogradSpeed(shape, inputs!) < MARGIN) return false;
  // In training the filter is another in every step, and to transform it takes most of what is gained.
  if (tf.engine().state.gradientDepth > 0) return false;
  return process.arch === 'x64' && native().device.kind === 'cpu' && oneDnn().isThere;
}

/** act(conv(x, filter) + bias + residual), or undefined where the direct way is faster, or the only one. */
export function byWinograd(operands: Operands, how: ConvAttributes, options: Options): Handle | undefined {
  if (!pays(operands, how, options)) return undefined;
  const { x, filter, bias, residual } = operands;
  const { backend, shape, isRelu } = options;
  return scoped((use) => {
    const handles = {
      x: backend.operand(x, use),
      weights: transformedOf(filter, backend, roundOf(shape)),
      bias: bias && backend.operand(bias, use),
      residual: residual && backend.operand(residual, use),
    };
    return winograd(handles, { padding: how.padding, shape, isRelu });
  });
}
