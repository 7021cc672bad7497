/** Grouped convolutions of pictures and their gradients by machine code of our own (machine/), where that is faster than oneDNN. */
import type * as tf from '@tensorflow/tfjs-core';
import { call, optional } from '../dispatch.ts';
import { dataAddress, emptyHandle, type Handle } from '../handle.ts';
import { convFilterGrad } from '../machine/conv-filter-grad.ts';
import { type Plan, partsOf, planOf } from '../machine/conv-plan.ts';
import { convSums, type Variant } from '../machine/conv-sums.ts';
import { routineOf } from '../machine/routine.ts';
import { full, permute, reshape, scoped } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';
import { areFloats, type ConvInputs, dense, type MachineOptions, run } from './machine-run.ts';

interface Operands {
  readonly x: Handle;
  /** [groups, blocks, h, w, I, O of a block] */
  readonly filter: Handle;
  readonly bias?: Handle | undefined;
}

function convolved({ x, filter, bias }: Operands, plan: Plan, given: Variant): Handle | undefined {
  const { conv, layout, sweeps, count } = plan;
  const { size, groups, inputs, outputs } = conv;
  const variant = { ...given, hasBias: bias !== undefined };
  const key = JSON.stringify([layout.encoding, conv, sweeps, variant]);
  const routine = routineOf(key, () => convSums(conv, layout, sweeps, variant));
  if (routine === undefined) return undefined;
  return scoped((use, own) => {
    const y = own(emptyHandle([count, ...layout.places, groups * outputs], 'float32'));
    const data = {
      x: dense(x, [count, ...size, groups * inputs], use),
      filter: dataAddress(filter),
      bias: bias && dense(bias, [groups * outputs], use),
      y: dataAddress(y),
    };
    const units = (count * groups) / conv.together;
    run({ routine, units, threads: plan.threads, own: layout.copied.x, data });
    return y;
  });
}

/** act(conv(x, filter) + bias), or undefined where oneDNN is to do it, as it is with a residual. */
export function byMachineCode(
  { x, filter, bias, residual }: ConvInputs,
  how: ConvAttributes,
  { shape, backend, isRelu = false, ...cut }: MachineOptions,
): Handle | undefined {
  if (residual || !areFloats(backend, x, filter, bias)) return undefined;
  if (bias && String(bias.shape) !== String(shape.at(-1))) return undefined;
  const plan = planOf({ x: x.shape, filter: filter.shape, y: shape }, how, cut);
  if (!plan) return undefined;
  const { conv, layout } = plan;
  return scoped((use) => {
    const each = [...conv.window, conv.inputs, conv.groups, layout.blocks, conv.outputs / layout.blocks];
    const blocks = use(permute(use(reshape(backend.handle(filter), each)), [3, 4, 0, 1, 2, 5]));
    const operands = {
      x: backend.handle(x),
      filter: use(call('aten::contiguous', blocks, 0)),
      bias: bias && backend.handle(bias),
    };
    return convolved(operands, plan, { isRelu });
  });
}

/** dX, [N, H, W, C] */
export function inputGradByMachineCode(
  { dy, filter }: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  how: ConvAttributes,
  { shape, backend, ...cut }: MachineOptions,
): Handle | undefined {
  if (!areFloats(backend, dy, filter)) return undefined;
  const shapes = { x: shape, filter: filter.shape, y: dy.shape };
  const plan = planOf(shapes, how, { pass: 'inputGrad', ...cut });
  if (!plan) return undefined;
  const { conv, layout } = plan;
  return scoped((use) => {
    const each = [...conv.window, layout.blocks, conv.outputs / layout.blocks, conv.groups, conv.inputs];
    const blocks = use(permute(use(reshape(backend.handle(filter), each)), [4, 2, 0, 1, 5, 3]));
    const operands = { x: backend.handle(dy), filter: use(call('aten::contiguous', blocks, 0)) };
    return convolved(operands, plan, {});
  });
}

/** dF [h, w, I, O] */
export function filterGradByMachineCode(
  { dy, x }: { dy: tf.TensorInfo; x: tf.TensorInfo },
  how: ConvAttributes,
  { shape, backend, ...cut }: MachineOptions,
): Handle | undefined {
  if (!areFloats(backend, dy, x)) return undefined;
  const plan = planOf({ x: x.shape, filter: shape, y: dy.shape }, how, { pass: 'filterGrad', ...cut });
  if (!plan) return undefined;
  const { conv, layout, count } = plan;
  const { window, groups, inputs, outputs } = conv;
  const parts = partsOf(plan);
  const key = JSON.stringify([layout.encoding, conv, count / parts]);
  const routine = routineOf(key, () => convFilterGrad(conv, layout, count / parts));
  if (routine === undefined) return undefined;
  return scoped((use) => {
    const each = [groups, layout.blocks, ...window, inputs, outputs / layout.blocks];
    const sums = use(full([parts, ...each], 0, 'float32'));
    const data = {
      x: dense(backend.handle(x), x.shape, use),
      y: dense(backend.handle(dy), dy.shape, use),
      filter: dataAddress(sums),
    };
    const own = layout.copied.x + layout.copied.y;
    const units = (parts * groups) / conv.together;
    run({ routine, units, threads: plan.threads, own, data });
    const whole = use(call('aten::sum.dim_IntList', sums, optional([0]), false, null));
    return reshape(use(permute(whole, [2, 3, 4, 0, 1, 5])), shape);
  });
}
