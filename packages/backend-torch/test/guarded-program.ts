/**
 * Machine code on memory with pages around that may not be touched: whoever reads or writes beyond what it was given ends this
 * program. It prints how many routines kept to theirs. With `short` as its second argument it gives them too little.
 */
import koffi from 'koffi';
import type { ConvAttributes } from '../src/kernels/conv.ts';
import { convShape } from '../src/kernels/conv.ts';
import { convFilterGrad } from '../src/machine/conv-filter-grad.ts';
import { planOf } from '../src/machine/conv-plan.ts';
import { convSums } from '../src/machine/conv-sums.ts';
import { encodingHere, routineOf, together } from '../src/machine/routine.ts';
import { DATA, type Datum } from '../src/machine/units.ts';
import { winogradFilterGrad } from '../src/machine/winograd-filter-grad.ts';
import { winogradPlan } from '../src/machine/winograd-plan.ts';
import { winogradSums } from '../src/machine/winograd-sums.ts';
import { ownBytes, tilingOf } from '../src/machine/winograd-tiling.ts';
import { openNative } from '../src/native.ts';

const PAGE = 4096;
const c = koffi.load('libc.so.6');
const map = c.func('uint64_t mmap(void*, size_t, int, int, int, int64_t)');
const protect = c.func('int mprotect(uint64_t, size_t, int)');

/** Memory that ends, or begins, where a page begins that nobody may touch. */
function guarded(bytes: number, side: 'end' | 'start'): bigint {
  const inside = Math.ceil(bytes / PAGE) * PAGE;
  const first = BigInt(map(null, inside + 2 * PAGE, 0, 0x22, -1, 0)) + BigInt(PAGE);
  protect(first, inside, 3);
  return side === 'start' ? first : first + BigInt(inside - bytes);
}

const [library, missing] = [process.argv[2]!, process.argv[3] === 'short' ? 4 : 0];
openNative(library);
const encodings = encodingHere() === 'evex' ? (['evex', 'vex'] as const) : (['vex'] as const);
const one = [1, 1] as const;
const none = [0, 0] as const;
// biome-ignore format: a table
const cases = [
  { x: [3, 9, 11], window: [3, 3], strides: [2, 2], dilations: one, padding: [one, one], channels: [16, 16] },
  { x: [2, 7, 31], window: [2, 3], strides: one, dilations: [2, 1], padding: [[0, 2], [3, 0]], channels: [4, 32] },
  { x: [1, 5, 45], window: [5, 1], strides: [1, 3], dilations: [1, 2], padding: [none, none], channels: [12, 8] },
  { x: [4, 8, 8], window: [3, 3], strides: [3, 2], dilations: one, padding: [[2, 2], [2, 2]], channels: [8, 4] },
  { x: [1, 5, 45], window: [5, 1], strides: [1, 3], dilations: [1, 2], padding: [none, none], channels: [16, 12] },
  { x: [4, 8, 8], window: [3, 3], strides: [3, 2], dilations: one, padding: [[2, 2], [2, 2]], channels: [16, 4] },
] as const;
// biome-ignore format: a table
const winogradCases = [
  { x: [3, 8, 8, 16], outputs: 16, padding: [one, one] },
  { x: [2, 7, 9, 64], outputs: 48, padding: [one, one] },
  { x: [2, 5, 6, 4], outputs: 12, padding: [[0, 2], [2, 0]] },
  { x: [1, 31, 4, 24], outputs: 8, padding: [none, none] },
  { x: [2, 9, 8, 8], outputs: 20, padding: [one, one] },
  { x: [3, 6, 7, 28], outputs: 8, padding: [one, one] },
  { x: [2, 14, 14, 256], outputs: 32, padding: [one, one] },
] as const;
const ADDRESSED = ['x', 'filter', 'bias', 'y', 'residual', 'copies'] as const;
type Addressed = (typeof ADDRESSED)[number];
interface Work {
  readonly units: number;
  readonly threads: number;
}
const bytesOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 4);
const GROUPS = 8;
let kept = 0;

/** @param bytes of each of its data */
function run(code: Uint8Array, side: 'end' | 'start', bytes: Record<Addressed, number>, work: Work): void {
  const data: Partial<Record<Datum, bigint>> = { units: BigInt(work.units) };
  for (const name of ADDRESSED) data[name] = guarded(bytes[name] - (name === 'y' ? missing : 0), side);
  const routine = routineOf(String(kept), () => code)!;
  const numbers = BigInt64Array.from(DATA, (name) => data[name] ?? 0n);
  together(routine, numbers, work.threads);
  kept++;
}

for (const encoding of encodings)
  for (const side of ['end', 'start'] as const) {
    for (const { x: size, window, channels, ...places } of cases) {
      const how: ConvAttributes = { groups: GROUPS, ...places };
      const [count, height, width] = size;
      const x = [count, height, width, GROUPS * channels[0]];
      const filter = [...window, channels[0], GROUPS * channels[1]];
      const y = convShape(x, filter, how);
      const { conv, layout, sweeps, threads } = planOf({ x, filter, y }, how, { encoding, threads: 1 })!;
      const grad = planOf({ x, filter, y }, how, { encoding, threads: 1, pass: 'inputGrad' });
      const { copied } = layout;
      const passes = [
        {
          code: convSums(conv, layout, sweeps, { hasBias: true, isRelu: true }),
          parts: count,
          own: copied.x,
        },
        { code: convFilterGrad(conv, layout, count), parts: 1, filters: 1, own: copied.x + copied.y },
        { code: convFilterGrad(conv, layout, 1), parts: count, filters: count, own: copied.x + copied.y },
      ];
      for (const { code, parts, filters = 1, own } of passes) {
        const bytes = {
          x: bytesOf(x),
          filter: filters * bytesOf(filter),
          bias: bytesOf([GROUPS * channels[1]]),
          y: bytesOf(y),
          residual: 0,
          copies: threads * own,
        };
        run(code, side, bytes, { units: (parts * GROUPS) / conv.together, threads });
      }
      if (!grad) continue; // left to libtorch
      const turned = convSums(grad.conv, grad.layout, grad.sweeps);
      const own = grad.layout.copied.x;
      const bytes = {
        x: bytesOf(y),
        filter: bytesOf(filter),
        bias: 0,
        y: bytesOf(x),
        residual: 0,
        copies: threads * own,
      };
      run(turned, side, bytes, { units: (count * GROUPS) / grad.conv.together, threads });
    }
    for (const { x, outputs, padding } of winogradCases) {
      const how: ConvAttributes = { groups: 1, strides: one, dilations: one, padding };
      const filter = [3, 3, x[3], outputs];
      const y = convShape(x, filter, how);
      const { conv, tiling, threads } = winogradPlan({ x, filter, y }, how, { encoding, threads: 1 })!;
      const bytes = {
        x: bytesOf(x),
        filter: bytesOf([16, x[3], outputs]),
        bias: bytesOf([outputs]),
        y: bytesOf(y),
        residual: bytesOf(y),
        copies: threads * ownBytes(tiling),
      };
      for (const variant of [{}, { hasBias: true, hasResidual: true, isRelu: true }])
        run(winogradSums(conv, tiling, variant), side, bytes, { units: x[0], threads });
      const ofGrad = tilingOf(conv, encoding, { pass: 'filterGrad' });
      const grad = { ...bytes, copies: threads * ownBytes(ofGrad) };
      run(winogradFilterGrad(conv, ofGrad, x[0]), side, grad, { units: 1, threads });
      const each = { ...grad, filter: x[0] * bytes.filter };
      run(winogradFilterGrad(conv, ofGrad, 1), side, each, { units: x[0], threads });
    }
  }
console.log(kept);
