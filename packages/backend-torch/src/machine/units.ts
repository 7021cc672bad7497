/** What the routines of convolutions share: units are taken in turn, and copied to where their groups lie together. */
import { type Bytes, FLOAT, type GroupedConv, type Layout, type Pair, vectorOf } from './grouped-conv.ts';
import { Assembler, type Place, REGISTERS } from './x64.ts';

const { RAX, RCX, RDX, RBX, RBP, RDI, R8, R9, R12, R13, R14, R15 } = REGISTERS;

/** The 64-bit numbers that a routine is called with: how many units are taken, and how many there are; how many threads have begun; addresses. */
export const DATA = ['next', 'units', 'workers', 'x', 'filter', 'bias', 'y', 'copies', 'residual'] as const;
export type Datum = (typeof DATA)[number];

export const datum = (name: Datum): Place => ({ base: RBX, offset: 8 * DATA.indexOf(name) });

/** All groups of a picture, and how many of them are a unit's. */
type Groups = Pick<GroupedConv, 'groups' | 'together'>;

/**
 * A routine that takes units until there are none: `each` finds the number of the picture (or of some pictures) in RAX, that of
 * its groups in RDX, and the thread's own memory for copies at R15, and leaves RBX and R15 as they are.
 *
 * @param own bytes of that memory
 * @param zeros how many of them are zeros at first; all, if nothing is said
 */
export function routineOfUnits(
  { groups, together }: Groups,
  { encoding }: Pick<Layout, 'encoding'>,
  { own, zeros = own, each }: { own: number; zeros?: number; each: (code: Assembler) => void },
): Uint8Array {
  const code = new Assembler(encoding);
  const kept = [RBX, RBP, R12, R13, R14, R15];
  for (const register of kept) code.push(register);
  code.move(RBX, RDI);
  code.claim(RAX, datum('workers'));
  // A thread more than there are units touches no memory.
  code.ifBelow(RAX, datum('units'), () => {
    code.multiply(R15, RAX, own);
    code.add(R15, datum('copies'));
    clear(code, zeros, vectorOf(zeros / FLOAT, encoding));
    code.whileBelow(
      RAX,
      datum('units'),
      () => code.claim(RAX, datum('next')),
      () => {
        code.set(RCX, groups / together);
        code.divide(RCX);
        each(code);
      },
    );
  });
  for (const register of kept.reverse()) code.pop(register);
  code.return();
  return code.code;
}

function clear(code: Assembler, bytes: number, step: Bytes): void {
  code.vector('xor', step, 0, 0, 0);
  code.move(RDI, R15);
  code.repeat(RCX, bytes / step, () => {
    code.vector('store', step, 0, { base: RDI, offset: 0 });
    code.addNumber(RDI, step);
  });
}

/** Where a unit's part of something begins. @param floats of a picture, and of a unit's groups */
export function part(
  code: Assembler,
  to: number,
  name: Datum,
  { picture = 0, groups = 0 }: { picture?: number; groups?: number } = {},
): void {
  code.multiply(to, RAX, picture * FLOAT);
  code.add(to, datum(name));
  if (groups === 0) return;
  code.multiply(RCX, RDX, groups * FLOAT);
  code.add(to, RCX);
}

interface Copied {
  /** Where the unit's groups of a picture lie; afterwards, those of the next picture. */
  readonly source: number;
  /** From R15 on. */
  readonly offset?: number;
  readonly size: Pair;
  /** Of one group. */
  readonly channels: number;
  /** Zeros around, that are there already. */
  readonly padding?: GroupedConv['padding'];
}
const NONE = [
  [0, 0],
  [0, 0],
] as const;

/** Copies groups, one after another. */
export function copy(
  code: Assembler,
  { groups, together }: Groups,
  { encoding }: Pick<Layout, 'encoding'>,
  { source, offset = 0, size: [height, width], channels, padding = NONE }: Copied,
): void {
  const place = channels * FLOAT;
  const step = vectorOf(channels, encoding);
  const [[top, bottom], [left, right]] = padding;
  const across = left + width + right;
  const group = (top + height + bottom) * across * place;
  code.move(RDI, R15);
  code.addNumber(RDI, offset + (top * across + left) * place);
  code.repeat(R8, height, () => {
    code.repeat(R9, width, () => {
      for (let at = 0; at < together * place; at += step) {
        code.vector('load', step, 0, { base: source, offset: at });
        const to = Math.floor(at / place) * group + (at % place);
        code.vector('store', step, 0, { base: RDI, offset: to });
      }
      code.addNumber(source, groups * place);
      code.addNumber(RDI, place);
    });
    code.addNumber(RDI, (left + right) * place);
  });
}

/** sums[i] += the float at `factor(i)` times the block of vectors in the registers from `block` on; one more may be used. */
export function addProducts(
  code: Assembler,
  { bytes, vectors }: Pick<Layout, 'bytes' | 'vectors'>,
  { sums, block, factor }: { sums: number; block: number; factor: (sum: number) => Place },
): void {
  for (let sum = 0; sum < sums; sum++) {
    if (code.repeats && vectors === 1)
      code.vector('fma', bytes, sum, { ...factor(sum), isRepeated: true }, block);
    else {
      code.vector('broadcast', bytes, block + vectors, factor(sum));
      for (let vector = 0; vector < vectors; vector++)
        code.vector('fma', bytes, sum * vectors + vector, block + vectors, block + vector);
    }
  }
}
