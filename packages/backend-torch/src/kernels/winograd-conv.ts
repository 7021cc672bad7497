/**
 * Convolutions with a 3x3 filter at stride 1, and their dX, by Winograd's way (machine/winograd-sums.ts) where that is faster
 * than oneDNN's direct one. In multiply-adds of that, 9 Cin Cout for every place: 16 Cin Cout a tile, PASS for each of the
 * 16 (Cin + Cout) values of a tile that the transforms write and read, and FILTER for each of the 16 Cin Cout of the
 * transformed filter.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { dataAddress, emptyHandle, type Handle } from '../handle.ts';
import { FLOAT } from '../machine/grouped-conv.ts';
import { routineOf } from '../machine/routine.ts';
import { type WinogradPlan, winogradPlan } from '../machine/winograd-plan.ts';
import { type WinogradVariant, winogradSums } from '../machine/winograd-sums.ts';
import { scoped } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';
import { areFloats, dense, type MachineOptions, run } from './machine-run.ts';
import { transformed, transformedTurned } from './winograd-filter.ts';

const PASS = 5;
const FILTER = 80;
/** Sums that must be under way at once, or each waits for its own last product. */
const SUMS = 8;
/** How many times as fast it must be by that reckoning; another machine's memory may be slower beside its arithmetic. */
const LEAST = 1.1;

type Options = MachineOptions & { readonly least?: number };

/** About how many times as fast as the direct convolution. */
export function winogradSpeed({ conv, tiling, count, threads }: WinogradPlan): number {
  const { inputs, outputs } = conv;
  const pairs = inputs * outputs;
  const tiles = count * tiling.tiles[0] * tiling.tiles[1] * tiling.bands;
  const direct = 9 * pairs * count * tiling.places[0] * tiling.places[1];
  // Pictures are not shared out among threads.
  const share = count / threads / Math.ceil(count / threads);
  const products = pairs * Math.max(1, SUMS / (tiling.run * tiling.vectors));
  return (share * direct) / (16 * (tiles * (products + PASS * (inputs + outputs)) + FILTER * pairs));
}

interface Data {
  readonly x: tf.TensorInfo;
  /** G g G^T */
  readonly weights: Handle;
  readonly bias?: tf.TensorInfo | undefined;
  readonly residual?: tf.TensorInfo | undefined;
}

function convolved(
  { x, weights, bias, residual }: Data,
  { conv, tiling, count, threads }: WinogradPlan,
  { backend, isRelu = false }: MachineOptions,
): Handle | undefined {
  const variant: WinogradVariant = { hasBias: !!bias, hasResidual: !!residual, isRelu };
  const key = JSON.stringify(['winograd', tiling.encoding, conv, variant]);
  const routine = routineOf(key, () => winogradSums(conv, tiling, variant));
  if (routine === undefined) return undefined;
  return scoped((use, own) => {
    const shape = [count, ...tiling.places, conv.outputs];
    const y = own(emptyHandle(shape, 'float32'));
    const data = {
      x: dense(backend.handle(x), [count, ...conv.size, conv.inputs], use),
      filter: dataAddress(weights),
      bias: bias && dense(backend.handle(bias), [conv.outputs], use),
      residual: residual && dense(backend.handle(residual), shape, use),
      y: dataAddress(y),
    };
    const { picture, tiles, sums } = tiling.own;
    run({ routine, units: count, threads, own: picture + tiles + sums, data });
    return y;
  });
}

const blockOf = ({ tiling: { vectors, bytes } }: WinogradPlan): number => (vectors * bytes) / FLOAT;

export interface WinogradInputs {
  readonly x: tf.TensorInfo;
  /** [3, 3, I, O] */
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly residual?: tf.TensorInfo | undefined;
}

/** act(conv(x, filter) + bias + residual), or undefined where the direct way is faster, or the only one. */
export function byWinograd(
  { x, filter, bias, residual }: WinogradInputs,
  how: ConvAttributes,
  options: Options,
): Handle | undefined {
  const { shape, backend, least = LEAST } = options;
  if (!areFloats(backend, x, filter, bias, residual)) return undefined;
  if (bias && String(bias.shape) !== String(shape.at(-1))) return undefined;
  const plan = winogradPlan({ x: x.shape, filter: filter.shape, y: shape }, how, options);
  if (!plan || winogradSpeed(plan) < least) return undefined;
  return scoped((use) =>
    convolved(
      { x, weights: transformed(filter, { block: blockOf(plan), backend }, use), bias, residual },
      plan,
      options,
    ),
  );
}

/** dX of a convolution: dy's with the filter turned around, its inputs and outputs exchanged. */
export function inputGradByWinograd(
  { dy, filter }: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  how: ConvAttributes,
  options: Options,
): Handle | undefined {
  const { shape, backend, least = LEAST } = options;
  if (!areFloats(backend, dy, filter)) return undefined;
  const [height, width, inputs, outputs] = filter.shape;
  const padding = how.padding.map(([before, after]) => [2 - before, 2 - after] as const);
  const turned = [height!, width!, outputs!, inputs!];
  const plan = winogradPlan({ x: dy.shape, filter: turned, y: shape }, { ...how, padding }, options);
  if (!plan || winogradSpeed(plan) < least) return undefined;
  return scoped((use) =>
    convolved(
      { x: dy, weights: use(transformedTurned(filter, { block: blockOf(plan), backend })) },
      plan,
      options,
    ),
  );
}
