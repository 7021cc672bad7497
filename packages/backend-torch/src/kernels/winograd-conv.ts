/**
 * Convolutions and their dX by winograd.ts where that is faster than oneDNN's direct convolution. In multiply-adds of the
 * direct one, which does 9 Cin Cout for every place: 16 Cin Cout a tile, PASS for each of the 16 (Cin + Cout) values
 * of a tile that the transforms write and read, and FILTER for each of the 16 Cin Cout of the filter's.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { native } from '../native.ts';
import { oneDnn } from '../onednn.ts';
import { permute, scoped } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';
import { roundOf, tilesOf, winograd } from './winograd.ts';
import { transformed, transformedOf } from './winograd-filter.ts';

/** Measured on two cores with AVX-512, 128 to 512 channels, 7 to 28 places: 85 to 122, and 157 to 174. */
const PASS = 90;
const FILTER = 170;
/** What must be gained at the least: the passes depend on the machine's memory more than the products do. */
const MARGIN = 1.1;

/** Times as fast as the direct convolution. @param shape the result's; not empty */
export function winogradSpeed([count, height, width, outputs]: readonly number[], inputs: number): number {
  const pairs = inputs * outputs!;
  const tiles = count! * tilesOf(height!) * tilesOf(width!);
  const direct = 9 * pairs * count! * height! * width!;
  return direct / (16 * (tiles * (pairs + PASS * (inputs + outputs!)) + FILTER * pairs));
}

interface Options {
  /** The result's. */
  readonly shape: readonly number[];
  readonly backend: TorchBackend;
}

function pays(
  tensors: readonly tf.TensorInfo[],
  { strides, dilations, groups }: ConvAttributes,
  { shape, backend }: Options,
): boolean {
  const isPlain = [...strides, ...dilations, groups].every((n) => n === 1);
  const isFloat = backend.computeType === 'float32' && tensors.every(({ dtype }) => dtype === 'float32');
  if (!isPlain || !isFloat || shape.some((n) => n < 1)) return false;
  if (winogradSpeed(shape, tensors[0]!.shape[3]!) < MARGIN) return false;
  return process.arch === 'x64' && native().device.kind === 'cpu' && oneDnn().isThere;
}

const is3x3 = ({ shape: [height, width] }: tf.TensorInfo): boolean => height === 3 && width === 3;

export interface Operands {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly residual?: tf.TensorInfo | undefined;
}

/** act(conv(x, filter) + bias + residual), or undefined where the direct way is the faster one, or the only one. */
export function byWinograd(
  { x, filter, bias, residual }: Operands,
  how: ConvAttributes,
  { isRelu = false, ...options }: Options & { isRelu?: boolean },
): Handle | undefined {
  const { backend, shape } = options;
  const fits = is3x3(filter) && filter.shape[2] === x.shape[3];
  if (!fits || !pays([x, filter], how, options)) return undefined;
  return scoped((use) => {
    const weights = transformedOf(filter, backend, { ...roundOf(shape), use });
    const operands = {
      x: backend.handle(x),
      weights,
      bias: bias && backend.handle(bias),
      residual: residual && backend.handle(residual),
    };
    return winograd(operands, { padding: how.padding, shape, isRelu });
  });
}

/** dX of a convolution of stride 1: the convolution of dY with the filter turned by 180 degrees, its channels exchanged. */
export function gradByWinograd(
  { dy, filter }: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  how: ConvAttributes,
  options: Options,
): Handle | undefined {
  const { backend, shape } = options;
  const ends = how.padding.map(([before, after], i) => shape[i + 1]! + before + after - 2);
  const expected = [shape[0]!, ...ends, filter.shape[3]!];
  const fits = is3x3(filter) && filter.shape[2] === shape[3] && tf.util.arraysEqual(dy.shape, expected);
  if (!fits || !pays([dy, filter], how, options)) return undefined;
  return scoped((use) => {
    const turned = use(call('aten::flip', backend.handle(filter), [0, 1]));
    const weights = transformed(use(permute(turned, [0, 1, 3, 2])), roundOf(shape).tiles).map(use);
    const padding = how.padding.map(([before, after]) => [2 - before, 2 - after] as const);
    return winograd({ x: backend.handle(dy), weights }, { padding, shape });
  });
}
