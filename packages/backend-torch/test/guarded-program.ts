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
const cases = [
  {
    x: [3, 9, 11],
    window: [3, 3],
    strides: [2, 2],
    padding: [
      [1, 1],
      [1, 1],
    ],
    channels: [16, 16],
  },
  {
    x: [2, 7, 31],
    window: [2, 3],
    strides: [1, 1],
    padding: [
      [0, 2],
      [3, 0],
    ],
    channels: [4, 32],
  },
  {
    x: [1, 5, 45],
    window: [5, 1],
    strides: [1, 3],
    padding: [
      [0, 0],
      [0, 0],
    ],
    channels: [12, 8],
  },
  {
    x: [2, 8, 8],
    window: [3, 3],
    strides: [3, 2],
    padding: [
      [2, 2],
      [2, 2],
    ],
    channels: [8, 4],
  },
] as const;
const bytesOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 4);
let kept = 0;

for (const encoding of encodings)
  for (const side of ['end', 'start'] as const)
    for (const {
      x: [count, height, width],
      window,
      strides,
      padding,
      channels: [inputs, outputs],
    } of cases) {
      const how: ConvAttributes = { groups: 4, strides, padding, dilations: [1, 1] };
      const shapes = { x: [count, height, width, 4 * inputs], filter: [...window, inputs, 4 * outputs] };
      const y = convShape(shapes.x, shapes.filter, how);
      const plan = planOf({ ...shapes, y }, how, { encoding })!;
      const { conv, layout } = plan;
      const passes = {
        forward: convSums(conv, layout, { hasBias: true, isRelu: true }),
        turned: convSums(conv, layout, { isTurned: true }),
        filter: convFilterGrad(conv, layout, 1),
      };
      for (const [pass, code] of Object.entries(passes)) {
        const parts = pass === 'filter' ? count : 1;
        const own = layout.copied.x + (pass === 'filter' ? layout.copied.y : 0);
        const data: Partial<Record<Datum, bigint>> = {
          units: BigInt((count * conv.groups) / conv.together),
          x: guarded(bytesOf(shapes.x), side),
          filter: guarded(parts * bytesOf(shapes.filter), side),
          bias: guarded(bytesOf([4 * outputs]), side),
          y: guarded(bytesOf(y) - missing, side),
          copies: guarded(plan.threads * own, side),
        };
        const routine = routineOf(JSON.stringify([pass, encoding, conv]), () => code)!;
        together(
          routine,
          BigInt64Array.from(DATA, (name) => data[name] ?? 0n),
          plan.threads,
        );
        kept++;
      }
    }
console.log(kept);
