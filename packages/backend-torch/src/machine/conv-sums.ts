/**
 * y[n, i, j, g o] = act(b[g o] + sum over u, v, c of x[n, s i + d u - top, s j + d v - left, g c] f[u, v, c, g o]), and dX from dy
 * (sweeps.ts): a run of places in a row at once, a register each.
 */
import { FLOAT, type GroupedConv, type Layout } from './grouped-conv.ts';
import type { Sweep } from './sweeps.ts';
import { addProducts, copy, part, routineOfUnits } from './units.ts';
import { type Assembler, REGISTERS } from './x64.ts';

const { RAX, RCX, RDX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 } = REGISTERS;

export interface Variant {
  readonly hasBias?: boolean;
  readonly isRelu?: boolean;
}

/** @returns a routine whose filter is [groups, blocks, h, w, inputs, outputs of a block] */
export function convSums(
  conv: GroupedConv,
  layout: Layout,
  sweeps: readonly Sweep[],
  variant: Variant = {},
): Uint8Array {
  const { size, window, groups, inputs, outputs, padding, together } = conv;
  const { places, blocks, copied } = layout;
  const block = (outputs / blocks) * FLOAT;
  const each = (code: Assembler): void => {
    part(code, RSI, 'x', { picture: size[0] * size[1] * groups * inputs, groups: together * inputs });
    part(code, R13, 'y', { picture: places[0] * places[1] * groups * outputs, groups: together * outputs });
    part(code, R14, 'filter', { groups: together * window[0] * window[1] * inputs * outputs });
    if (variant.hasBias) part(code, RBP, 'bias', { groups: together * outputs });
    copy(code, conv, layout, { source: RSI, size, channels: inputs, padding });
    code.repeat(R8, together, () => {
      code.repeat(R9, blocks, () => {
        for (const sweep of sweeps) sumPlaces(code, conv, layout, { ...variant, sweep });
        code.addNumber(R13, block);
        if (variant.hasBias) code.addNumber(RBP, block);
        code.addNumber(R14, window[0] * window[1] * inputs * block);
      });
      code.addNumber(R15, copied.x / together);
    });
    code.addNumber(R15, -copied.x);
  };
  return routineOfUnits(conv, layout, { own: copied.x, each });
}

type Swept = Variant & { readonly sweep: Sweep };

/** To R13, rows and runs of places: a block of the outputs of a group, its filter at R14 and its bias at RBP. */
function sumPlaces(code: Assembler, conv: GroupedConv, layout: Layout, swept: Swept): void {
  const [down, across] = swept.sweep;
  const { groups, inputs, outputs } = conv;
  const { places, padded, sums } = layout;
  const [read, write] = [inputs * FLOAT, groups * outputs * FLOAT];
  const run = Math.ceil(across.count / Math.ceil(across.count / sums));
  const onward = (runs: number): void => {
    code.addNumber(RSI, runs * across.from.place * read);
    code.addNumber(R12, runs * across.step * write);
  };
  code.move(RSI, R15);
  code.addNumber(RSI, (down.from.first * padded[1] + across.from.first) * read);
  code.move(R12, R13);
  code.addNumber(R12, (down.first * places[1] + across.first) * write);
  code.repeat(R10, down.count, () => {
    code.repeat(R11, Math.floor(across.count / run), () => {
      sumRun(code, conv, layout, { ...swept, run });
      onward(run);
    });
    const rest = across.count % run;
    if (rest) {
      onward(rest - run); // some places of the last run once more
      sumRun(code, conv, layout, { ...swept, run });
      onward(run);
    }
    code.addNumber(RSI, (down.from.place * padded[1] - across.from.place * across.count) * read);
    code.addNumber(R12, (down.step * places[1] - across.step * across.count) * write);
  });
}

/** A block of the outputs of `run` places, from RSI to R12. */
function sumRun(
  code: Assembler,
  { window, groups, inputs, outputs }: GroupedConv,
  layout: Layout,
  { run, hasBias, isRelu, sweep: [down, across] }: Swept & { run: number },
): void {
  const { padded, bytes, vectors } = layout;
  const place = inputs * FLOAT;
  const filter = inputs * vectors * bytes;
  const block = run * vectors;
  const each = (does: (register: number, at: number, vector: number) => void): void => {
    for (let i = 0; i < block; i++) does(i, Math.floor(i / vectors), i % vectors);
  };
  each((sum, _, vector) => {
    if (hasBias) code.vector('load', bytes, sum, { base: RBP, offset: vector * bytes });
    else code.vector('xor', bytes, sum, sum, sum);
  });
  const isEmpty = down.window.count === 0 || across.window.count === 0;
  if (!isEmpty) {
    code.move(RDI, RSI);
    code.move(RAX, R14);
    code.addNumber(RAX, (down.window.first * window[1] + across.window.first) * filter);
    code.repeat(RCX, down.window.count, () => {
      code.repeat(RDX, across.window.count, () => {
        for (let input = 0; input < inputs; input++) {
          for (let vector = 0; vector < vectors; vector++) {
            const offset = (input * vectors + vector) * bytes;
            code.vector('load', bytes, block + vector, { base: RAX, offset });
          }
          const factor = (at: number) => ({
            base: RDI,
            offset: at * across.from.place * place + input * FLOAT,
          });
          addProducts(code, layout, { sums: run, block, factor });
        }
        code.addNumber(RDI, across.from.window * place);
        code.addNumber(RAX, across.window.step * filter);
      });
      const row = across.window.count;
      code.addNumber(RDI, (down.from.window * padded[1] - row * across.from.window) * place);
      code.addNumber(RAX, (down.window.step * window[1] - row * across.window.step) * filter);
    });
  }
  if (isRelu) code.vector('xor', bytes, block, block, block);
  each((sum, at, vector) => {
    if (isRelu) code.vector('max', bytes, sum, sum, block); // of 0 and NaN the second: NaN
    const offset = at * across.step * groups * outputs * FLOAT + vector * bytes;
    code.vector('store', bytes, sum, { base: R12, offset });
  });
}
