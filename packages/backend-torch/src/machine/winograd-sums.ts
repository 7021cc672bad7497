/**
 * A 3x3 convolution of stride 1 with 16 multiplications in the place of 36 for every 2x2 places: F(2x2, 3x3) of Lavin and Gray,
 * "Fast Algorithms for Convolutional Neural Networks" (2015, arXiv:1509.09308), section 4.1,
 *   Y = A^T [ sum over c of (G g G^T) o (B^T d B) ] A
 * of a filter g, 3x3, and a tile d, 4x4, that shares two rows and two columns with the next. A thread takes a picture, copies it
 * with zeros around, and some rows of tiles at a time goes all the way, in its own cache.
 */
import { FLOAT } from './grouped-conv.ts';
import { addProducts, copy, datum, part, routineOfUnits } from './units.ts';
import { everyBand, everyTile, transformIn, WHOLE } from './winograd-tiles.ts';
import { ownBytes, type Tiling, type WinogradConv } from './winograd-tiling.ts';
import { type Assembler, REGISTERS } from './x64.ts';

const { RAX, RCX, RDX, RSI, RDI, R8, R9, R10, R11, R13, R14, R15 } = REGISTERS;

/** Inputs whose products are written one after another, without a jump; a divisor of all numbers of inputs. */
const UNROLLED = 4;

export interface WinogradVariant {
  readonly hasBias?: boolean;
  readonly hasResidual?: boolean;
  readonly isRelu?: boolean;
}

/** @returns a routine whose filter is G g G^T, [16, blocks, inputs, outputs of a block]: y = act(conv(x, g) + bias + residual) */
export function winogradSums(conv: WinogradConv, tiling: Tiling, variant: WinogradVariant = {}): Uint8Array {
  const { size, inputs, outputs, padding } = conv;
  const { places, own } = tiling;
  const each = (code: Assembler): void => {
    part(code, RSI, 'x', { picture: size[0] * size[1] * inputs });
    part(code, R13, 'y', { picture: places[0] * places[1] * outputs });
    part(code, R11, 'filter');
    copy(code, WHOLE, tiling, { source: RSI, size, channels: inputs, padding });
    everyBand(code, conv, tiling, (isLast) => {
      transformIn(code, conv, tiling, isLast);
      sums(code, conv, tiling, { ...variant, isLast });
    });
  };
  return routineOfUnits(WHOLE, tiling, { own: ownBytes(tiling), zeros: own.picture, each });
}

type Ending = WinogradVariant & { readonly isLast: boolean };

/** The outputs of a band, to R13, a block of them at a time. */
function sums(code: Assembler, conv: WinogradConv, tiling: Tiling, ending: Ending): void {
  const { bytes, vectors } = tiling;
  const [block, all] = [vectors * bytes, conv.outputs * FLOAT];
  code.move(R14, R13);
  code.repeat(R10, all / block, () => {
    products(code, conv, tiling);
    transformOut(code, conv, tiling, ending);
    code.addNumber(R11, conv.inputs * block);
    code.addNumber(R14, block);
  });
  code.addNumber(R11, -conv.inputs * all);
}

/** M = sum over c of V U for each of 16 places: [16, tiles, outputs of a block]; U from R11 on. */
function products(code: Assembler, { inputs, outputs }: WinogradConv, tiling: Tiling): void {
  const { tiles, run, bytes, vectors, step, own } = tiling;
  const block = run * vectors;
  code.move(R8, R11);
  code.move(RSI, R15);
  code.addNumber(RSI, own.picture);
  code.move(RDI, RSI);
  code.addNumber(RDI, own.x);
  code.repeat(R9, 16, () => {
    code.repeat(RDX, (tiles[0] * tiles[1]) / run, () => {
      for (let sum = 0; sum < block; sum++) code.vector('xor', bytes, sum, sum, sum);
      code.move(RAX, R8);
      code.repeat(RCX, inputs / UNROLLED, () => {
        for (let input = 0; input < UNROLLED; input++) {
          for (let vector = 0; vector < vectors; vector++) {
            const offset = (input * vectors + vector) * bytes;
            code.vector('load', bytes, block + vector, { base: RAX, offset });
          }
          const factor = (tile: number) => ({ base: RSI, offset: tile * step.x + input * FLOAT });
          addProducts(code, tiling, { sums: run, block, factor });
        }
        code.addNumber(RSI, UNROLLED * FLOAT);
        code.addNumber(RAX, UNROLLED * vectors * bytes);
      });
      for (let sum = 0; sum < block; sum++)
        code.vector('store', bytes, sum, { base: RDI, offset: sum * bytes });
      code.addNumber(RSI, run * step.x - inputs * FLOAT);
      code.addNumber(RDI, block * bytes);
    });
    code.addNumber(R8, inputs * outputs * FLOAT);
  });
}

/** A block of Y = A^T M A, to R14. */
function transformOut(code: Assembler, { outputs }: WinogradConv, tiling: Tiling, ending: Ending): void {
  const { places, tiles, bytes, vectors, own } = tiling;
  const { hasBias, hasResidual, isRelu, isLast } = ending;
  const place = outputs * FLOAT;
  const line = places[1] * place;
  const all = tiles[0] * tiles[1] * vectors * bytes;
  const [first, second, zero] = [8, 9, 10];
  code.move(RSI, R15);
  code.addNumber(RSI, own.picture + own.x);
  code.move(RDI, R14);
  if (hasBias) {
    code.multiply(RAX, R13, -1);
    code.add(RAX, R14);
    code.add(RAX, datum('bias'));
  }
  if (hasResidual) {
    // How far from y it lies.
    code.set(RDX, 0);
    code.add(RDX, datum('y'));
    code.multiply(RDX, RDX, -1);
    code.add(RDX, datum('residual'));
  }
  if (isRelu) code.vector('xor', bytes, zero, zero, zero);
  everyTile(code, tiling, { pointer: RDI, place, line, isLast }, () => {
    if (hasResidual) {
      code.move(RCX, RDI);
      code.add(RCX, RDX);
    }
    for (let vector = 0; vector < vectors; vector++) {
      const from = vector * bytes;
      const value = (i: number, j: number) => ({ base: RSI, offset: (4 * i + j) * all + from });
      for (let j = 0; j < 4; j++) {
        const [upper, lower] = [j, 4 + j];
        code.vector('load', bytes, lower, value(1, j));
        // What every place of a tile gets once.
        if (hasBias && j === 1) code.vector('add', bytes, lower, { base: RAX, offset: from }, lower);
        code.vector('add', bytes, upper, value(2, j), lower);
        code.vector('add', bytes, upper, value(0, j), upper);
        code.vector('sub', bytes, lower, value(2, j), lower);
        code.vector('sub', bytes, lower, value(3, j), lower);
      }
      for (const row of [0, 1]) {
        const m = 4 * row;
        code.vector('add', bytes, first, m + 2, m + 1);
        code.vector('add', bytes, first, m, first);
        code.vector('sub', bytes, second, m + 2, m + 1);
        code.vector('sub', bytes, second, m + 3, second);
        for (const [column, sum] of [first, second].entries()) {
          const offset = row * line + column * place + from;
          if (hasResidual) code.vector('add', bytes, sum, { base: RCX, offset }, sum);
          if (isRelu) code.vector('max', bytes, sum, sum, zero); // of 0 and NaN the second: NaN
          code.vector('store', bytes, sum, { base: RDI, offset });
        }
      }
    }
    code.addNumber(RSI, vectors * bytes);
  });
}
