/** Grouped convolutions of pictures and their gradients by machine code of our own (machine/), where that is faster than oneDNN. */
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, optional } from '../dispatch.ts';
import { dataAddress, emptyHandle, type Handle } from '../handle.ts';
import { convFilterGrad } from '../machine/conv-filter-grad.ts';
import { type Plan, partsOf, planOf } from '../machine/conv-plan.ts';
import { convSums, type Variant } from '../machine/conv-sums.ts';
import { FLOAT } from '../machine/grouped-conv.ts';
import { routineOf, together } from '../machine/routine.ts';
import { DATA, type Datum } from '../machine/units.ts';
import type { Encoding } from '../machine/x64.ts';
import { full, permute, reshape, scoped, type Use } from '../shims.ts';
import type { ConvAttributes } from './conv.ts';

interface Options {
  /** The result's. */
  readonly shape: readonly number[];
  readonly backend: TorchBackend;
  readonly isRelu?: boolean;
  /** Of the vectors; by default the widest of this CPU. */
  readonly encoding?: Encoding | undefined;
  /** By default as many as libtorch's operators run on. */
  readonly threads?: number | undefined;
}

const areFloats = (backend: TorchBackend, ...tensors: readonly (tf.TensorInfo | undefined)[]): boolean =>
  backend.computeType === 'float32' && tensors.every((tensor) => !tensor || tensor.dtype === 'float32');

/** Where the values of a tensor of that shape lie in the order of its axes: the code itself looks at nothing. */
const dense = (handle: Handle, shape: readonly number[], use: Use): bigint =>
  dataAddress(use(call('aten::contiguous', use(reshape(handle, shape)), 0)));

interface Work {
  readonly routine: bigint;
  readonly units: number;
  /** Bytes of copies for each thread. */
  readonly own: number;
  readonly data: Partial<Readonly<Record<Datum, bigint | undefined>>>;
}

function run({ routine, units, own, data }: Work, plan: Plan): void {
  scoped((use) => {
    // All of them, even without a unit: libgomp ends those that are left out, and would begin others for the next operator.
    const { threads } = plan;
    const copies = dataAddress(use(emptyHandle([(threads * own) / FLOAT], 'float32')));
    const all = { ...data, units: BigInt(units), copies };
    together(
      routine,
      BigInt64Array.from(DATA, (name) => all[name as Datum] ?? 0n),
      threads,
    );
  });
}

interface Operands {
  readonly x: Handle;
  /** [groups, blocks, h, w, I, O of a block] */
  readonly filter: Handle;
  readonly bias?: Handle | undefined;
}

function convolved({ x, filter, bias }: Operands, plan: Plan, given: Variant): Handle | undefined {
  const { conv, layout, count } = plan;
  const { size, groups, inputs, outputs } = conv;
  const variant = { ...given, hasBias: bias !== undefined };
  const key = JSON.stringify([layout.encoding, conv, variant]);
  const routine = routineOf(key, () => convSums(conv, layout, variant));
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
    run({ routine, units, own: layout.copied.x, data }, plan);
    return y;
  });
}

interface ConvInputs {
  readonly x: tf.TensorInfo;
  /** [h, w, I, O] */
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly residual?: tf.TensorInfo | undefined;
}

/** act(conv(x, filter) + bias), or undefined where oneDNN is to do it, as it is with a residual. */
export function byMachineCode(
  { x, filter, bias, residual }: ConvInputs,
  how: ConvAttributes,
  { shape, backend, isRelu = false, ...cut }: Options,
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

/** dX at stride 1: dy's convolution with the filter turned around, inputs and outputs exchanged. */
export function inputGradByMachineCode(
  { dy, filter }: { dy: tf.TensorInfo; filter: tf.TensorInfo },
  how: ConvAttributes,
  { shape, backend, ...cut }: Options,
): Handle | undefined {
  const { strides, dilations, groups } = how;
  if (strides.some((step) => step !== 1) || !areFloats(backend, dy, filter)) return undefined;
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  const padding = how.padding.map(([before, after], axis) => {
    const reach = dilations[axis]! * (filter.shape[axis]! - 1);
    return [reach - before, reach - after] as const;
  });
  const turned = [height, width, outputs / groups, inputs * groups];
  const plan = planOf({ x: dy.shape, filter: turned, y: shape }, { ...how, padding }, cut);
  if (!plan) return undefined;
  const { conv, layout } = plan;
  return scoped((use) => {
    const each = [height, width, layout.blocks, conv.outputs / layout.blocks, groups, conv.inputs];
    const blocks = use(permute(use(reshape(backend.handle(filter), each)), [4, 2, 0, 1, 5, 3]));
    const operands = { x: backend.handle(dy), filter: use(call('aten::contiguous', blocks, 0)) };
    return convolved(operands, plan, { isTurned: true });
  });
}

/** dF [h, w, I, O] */
export function filterGradByMachineCode(
  { dy, x }: { dy: tf.TensorInfo; x: tf.TensorInfo },
  how: ConvAttributes,
  { shape, backend, ...cut }: Options,
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
    run({ routine, units: (parts * groups) / conv.together, own, data }, plan);
    const whole = use(call('aten::sum.dim_IntList', sums, optional([0]), false, null));
    return reshape(use(permute(whole, [2, 3, 4, 0, 1, 5])), shape);
  });
}
