/**
 * y[n, i, j, g o] = act(b[g o] + sum over u, v, c of x[n, s i + d u - top, s j + d v - left, g c] f[u, v, c, g o]):
 * a run of places in a row at once, a register each.
 */
import { FLOAT, type GroupedConv, type Layout } from './grouped-conv.ts';
import { addProducts, copy, part, routineOfUnits } from './units.ts';
import { type Assembler, REGISTERS } from './x64.ts';

const { RAX, RCX, RDX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 } = REGISTERS;

export interface Variant {
  readonly hasBias?: boolean;
  readonly isRelu?: boolean;
  /** Whether the window is read from its end: with inputs and outputs exchanged, dX from dy. */
  readonly isTurned?: boolean;
}

/** @returns a routine whose filter is [groups, blocks, h, w, inputs, outputs of a block] */
export function convSums(conv: GroupedConv, layout: Layout, variant: Variant): Uint8Array {
  const { size, window, groups, inputs, outputs, padding, together } = conv;
  const { places, copied } = layout;
  const each = (code: Assembler): void => {
    part(code, RSI, 'x', { picture: size[0] * size[1] * groups * inputs, groups: together * inputs });
    part(code, R13, 'y', { picture: places[0] * places[1] * groups * outputs, groups: together * outputs });
    part(code, R14, 'filter', { groups: together * window[0] * window[1] * inputs * outputs });
    if (variant.hasBias) part(code, RBP, 'bias', { groups: together * outputs });
    copy(code, conv, layout, { source: RSI, size, channels: inputs, padding });
    sumUnit(code, conv, layout, variant);
  };
  return routineOfUnits(conv, layout, { own: copied.x, each });
}

/** To R13: groups, blocks of outputs, rows and runs of places; the filter from R14 on, the bias from RBP on. */
function sumUnit(code: Assembler, conv: GroupedConv, layout: Layout, variant: Variant): void {
  const { window, groups, inputs, outputs, strides, together } = conv;
  const { places, padded, blocks, sums, copied } = layout;
  const run = Math.ceil(places[1] / Math.ceil(places[1] / sums));
  const place = inputs * FLOAT;
  const block = (outputs / blocks) * FLOAT;
  const onward = (runs: number): void => {
    code.addNumber(RSI, runs * strides[1] * place);
    code.addNumber(R12, runs * groups * outputs * FLOAT);
  };
  code.repeat(R8, together, () => {
    code.repeat(R9, blocks, () => {
      code.move(RSI, R15);
      code.move(R12, R13);
      code.repeat(R10, places[0], () => {
        code.repeat(R11, Math.floor(places[1] / run), () => {
          sumRun(code, conv, layout, { ...variant, run });
          onward(run);
        });
        const rest = places[1] % run;
        if (rest) {
          onward(rest - run); // some places of the last run once more
          sumRun(code, conv, layout, { ...variant, run });
          onward(run);
        }
        code.addNumber(RSI, (strides[0] * padded[1] - strides[1] * places[1]) * place);
      });
      code.addNumber(R13, block);
      if (variant.hasBias) code.addNumber(RBP, block);
      code.addNumber(R14, window[0] * window[1] * inputs * block);
    });
    code.addNumber(R15, copied.x / together);
  });
  code.addNumber(R15, -copied.x);
}

/** A block of the outputs of `run` places, from RSI to R12. */
function sumRun(
  code: Assembler,
  { window, groups, inputs, outputs, strides, dilations }: GroupedConv,
  layout: Layout,
  { run, hasBias, isRelu, isTurned }: Variant & { run: number },
): void {
  const { padded, bytes, vectors } = layout;
  const place = inputs * FLOAT;
  const block = run * vectors;
  const each = (does: (register: number, at: number, vector: number) => void): void => {
    for (let i = 0; i < block; i++) does(i, Math.floor(i / vectors), i % vectors);
  };
  each((sum, _, vector) => {
    if (hasBias) code.vector('load', bytes, sum, { base: RBP, offset: vector * bytes });
    else code.vector('xor', bytes, sum, sum, sum);
  });
  const [down, across] = [dilations[0] * padded[1] * place, dilations[1] * place];
  const sign = isTurned ? -1 : 1;
  code.move(RDI, RSI);
  if (isTurned) code.addNumber(RDI, (window[0] - 1) * down + (window[1] - 1) * across);
  code.move(RAX, R14);
  code.repeat(RCX, window[0], () => {
    code.repeat(RDX, window[1], () => {
      for (let input = 0; input < inputs; input++) {
        for (let vector = 0; vector < vectors; vector++) {
          const offset = (input * vectors + vector) * bytes;
          code.vector('load', bytes, block + vector, { base: RAX, offset });
        }
        const factor = (at: number) => ({ base: RDI, offset: at * strides[1] * place + input * FLOAT });
        addProducts(code, layout, { sums: run, block, factor });
      }
      code.addNumber(RDI, sign * across);
      code.addNumber(RAX, inputs * vectors * bytes);
    });
    code.addNumber(RDI, sign * (down - window[1] * across));
  });
  if (isRelu) code.vector('xor', bytes, block, block, block);
  each((sum, at, vector) => {
    if (isRelu) code.vector('max', bytes, sum, sum, block); // of 0 and NaN the second: NaN
    const offset = at * groups * outputs * FLOAT + vector * bytes;
    code.vector('store', bytes, sum, { base: R12, offset });
  });
}
