/** Convolutions with a 3x3 filter at stride 1 and their gradients by Winograd's way (machine/), where that is faster than oneDNN's. */
import type * as tf from '@tensorflow/tfjs-core';
import { call, optional } from '../dispatch.ts';
import { dataAddress, emptyHandle, type Handle } from '../handle.ts';
import { FLOAT } from '../machine/grouped-conv.ts';
import { routineOf } from '../machine/routine.ts';
import { winogradFilterGrad } from '../machine/winograd-filter-grad.ts';
import { type WinogradPlan, winogradPlan, winogradSpeed } from '../machine/winograd-plan.ts';
import { type WinogradVariant, winogradSums } from '../machine/winograd-sums.ts';
import { ownBytes, type Pass } from '../machine/winograd-tiling.ts';
import { full, reshape, scoped } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';
import { areFloats, type ConvInputs, dense, type MachineOptions, run } from './machine-run.ts';
import { transformed, transformedTurned, untransformed } from './winograd-filter.ts';

/** How many times as fast it must be by that reckoning; another machine's memory may be slower beside its arithmetic. */
const LEAST = 1.1;

type Options = MachineOptions & { readonly least?: number };

function planned(
  shapes: Parameters<typeof winogradPlan>[0],
  how: ConvAttributes,
  { least = LEAST, ...options }: Options & { readonly pass?: Pass },
): WinogradPlan | undefined {
  const plan = winogradPlan(shapes, how, options);
  return plan && winogradSpeed(plan) >= least ? plan : undefined;
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
  { conv, tiling, count, units, threads }: WinogradPlan,
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
    run({ routine, units, threads, own: ownBytes(tiling), data });
    return y;
  });
}

const blockOf = ({ tiling: { vectors, bytes } }: WinogradPlan): number => (vectors * bytes) / FLOAT;

/** act(conv(x, filter) + bias + residual), or undefined where the direct way is faster, or the only one. */
export function byWinograd(
  { x, filter, bias, residual }: ConvInputs,
  how: ConvAttributes,
  options: Options,
): Handle | undefined {
  const { shape, backend } = options;
  if (!areFloats(backend, x, filter, bias, residual)) return undefined;
  if (bias && String(bias.shape) !== String(shape.at(-1))) return undefined;
  const plan = planned({ x: x.shape, filter: filter.shape, y: shape }, how, options);
  if (!plan) return undefined;
  return scoped((use) => {
    const weights = transformed(filter, { block: blockOf(plan), backend }, use);
    return convolved({ x, weights, bias, residual }, plan, options);
  });
}

/** dX of a convolution: dy's with the filter turned around, its inputs and outputs exchanged. */
export function inputGradByWinograd(
  { dy, filter }: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  how: ConvAttributes,
  options: Options,
): Handle | undefined {
  const { shape, backend } = options;
  if (!areFloats(backend, dy, filter)) return undefined;
  const [height, width, inputs, outputs] = filter.shape;
  const padding = how.padding.map(([before, after]) => [2 - before, 2 - after] as const);
  const turned = [height!, width!, outputs!, inputs!];
  const plan = planned({ x: dy.shape, filter: turned, y: shape }, { ...how, padding }, options);
  if (!plan) return undefined;
  return scoped((use) => {
    const weights = use(transformedTurned(filter, { block: blockOf(plan), backend }));
    return convolved({ x: dy, weights }, plan, options);
  });
}

/** dF [3, 3, I, O] of a convolution. */
export function filterGradByWinograd(
  { dy, x }: { dy: tf.TensorInfo; x: tf.TensorInfo },
  how: ConvAttributes,
  options: Options,
): Handle | undefined {
  const { shape, backend } = options;
  if (!areFloats(backend, dy, x)) return undefined;
  const shapes = { x: x.shape, filter: shape, y: dy.shape };
  const plan = planned(shapes, how, { ...options, pass: 'filterGrad' });
  if (!plan) return undefined;
  const { conv, tiling, count, units, threads } = plan;
  const key = JSON.stringify(['winograd dF', tiling.encoding, conv, count / units]);
  const routine = routineOf(key, () => winogradFilterGrad(conv, tiling, count / units));
  if (routine === undefined) return undefined;
  return scoped((use) => {
    const sums = use(full([units, 16, conv.inputs * conv.outputs], 0, 'float32'));
    const data = {
      x: dense(backend.handle(x), x.shape, use),
      y: dense(backend.handle(dy), dy.shape, use),
      filter: dataAddress(sums),
    };
    run({ routine, units, threads, own: ownBytes(tiling), data });
    const whole = use(call('aten::sum.dim_IntList', sums, optional([0]), false, null));
    return reshape(use(untransformed(whole)), shape);
  });
}
