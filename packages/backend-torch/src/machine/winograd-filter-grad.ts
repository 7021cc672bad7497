/**
 * dF of a 3x3 convolution of stride 1, by the tiles of winograd-sums.ts: since y = A^T [ sum (G g G^T) o (B^T d B) ] A,
 *   dg = G^T [ sum over tiles of (A dy A^T) o (B^T d B) ] G
 * with 16 multiplications for every 2x2 places, as there. A unit is some pictures; who uses it adds the units up, so that no
 * sum depends on which thread was first, and multiplies with G: its last row and column with -G's, since A dy A^T is
 * written without the minus that they have.
 */
import { FLOAT } from './grouped-conv.ts';
import { addProducts, copy, part, routineOfUnits } from './units.ts';
import { everyBand, everyTile, transformIn, WHOLE } from './winograd-tiles.ts';
import { ownBytes, type Tiling, type WinogradConv } from './winograd-tiling.ts';
import { type Assembler, REGISTERS } from './x64.ts';

const { RAX, RCX, RDX, RSI, RDI, R8, R9, R10, R11, R13, R14, R15 } = REGISTERS;

/**
 * @param pictures of a unit
 * @returns a routine that adds to its filters, [units, 16, inputs, outputs]
 */
export function winogradFilterGrad(conv: WinogradConv, tiling: Tiling, pictures: number): Uint8Array {
  const { size, inputs, outputs, padding } = conv;
  const { places, own } = tiling;
  const [x, y] = [size[0] * size[1] * inputs, places[0] * places[1] * outputs];
  const each = (code: Assembler): void => {
    part(code, RSI, 'x', { picture: x * pictures });
    part(code, R13, 'y', { picture: y * pictures });
    part(code, R14, 'filter', { picture: 16 * inputs * outputs });
    code.push(R14);
    code.repeat(R10, pictures, () => {
      copy(code, WHOLE, tiling, { source: RSI, size, channels: inputs, padding });
      code.pop(RAX);
      for (const register of [RSI, R13, RAX]) code.push(register);
      everyBand(code, conv, tiling, (isLast) => {
        transformIn(code, conv, tiling, isLast);
        transformSlopes(code, conv, tiling, isLast);
        code.pop(RAX);
        code.push(RAX);
        addBand(code, conv, tiling);
      });
      for (const register of [RAX, R13, RSI]) code.pop(register);
      code.push(RAX);
      code.addNumber(R13, y * FLOAT);
    });
    code.pop(RAX);
  };
  return routineOfUnits(WHOLE, tiling, { own: ownBytes(tiling), zeros: own.picture, each });
}

/** W = A dy A^T of the tiles of a band, without its minus: [16, tiles, outputs]. What two tiles share is of the first. */
function transformSlopes(code: Assembler, { outputs }: WinogradConv, tiling: Tiling, isLast: boolean): void {
  const { tiles, places, bytes, step, own } = tiling;
  const place = outputs * FLOAT;
  const line = places[1] * place;
  const all = tiles[0] * tiles[1] * step.y;
  const [first, second] = [8, 9];
  /** Of two lines: the one, their sum, their difference, the other. */
  const spread = (a: number, b: number, to: readonly [number, number]): void => {
    code.vector('add', bytes, to[0], b, a);
    code.vector('sub', bytes, to[1], b, a);
  };
  code.move(RSI, R13);
  code.move(RDI, R15);
  code.addNumber(RDI, own.picture + own.x);
  everyTile(code, tiling, { pointer: RSI, place, line, isLast }, ([isRowShared, isColumnShared]) => {
    code.repeat(RCX, place / bytes, () => {
      for (const column of [0, 1]) {
        for (const row of [0, 1]) {
          const to = 4 * column + 3 * row;
          const isShared = (row === 0 && isRowShared) || (column === 0 && isColumnShared);
          if (isShared) code.vector('xor', bytes, to, to, to);
          else code.vector('load', bytes, to, { base: RSI, offset: row * line + column * place });
        }
        spread(4 * column, 4 * column + 3, [4 * column + 1, 4 * column + 2]);
      }
      for (let i = 0; i < 4; i++) {
        spread(i, 4 + i, [first, second]);
        for (const [j, value] of [i, first, second, 4 + i].entries())
          code.vector('store', bytes, value, { base: RDI, offset: (4 * i + j) * all });
      }
      code.addNumber(RSI, bytes);
      code.addNumber(RDI, bytes);
    });
    code.addNumber(RSI, -place);
    code.addNumber(RDI, step.y - place);
  });
}

/** To what is at RAX: the sum over a band's tiles of V W, for each of 16 places, some inputs and a block of outputs at a time. */
function addBand(code: Assembler, { inputs, outputs }: WinogradConv, tiling: Tiling): void {
  const { tiles, bytes, vectors, run, step, own } = tiling;
  const count = tiles[0] * tiles[1];
  const [row, block] = [outputs * FLOAT, vectors * bytes];
  const each = (does: 'load' | 'store'): void => {
    for (let i = 0; i < run * vectors; i++) {
      const offset = Math.floor(i / vectors) * row + (i % vectors) * bytes;
      code.vector(does, bytes, i, { base: RAX, offset });
    }
  };
  code.move(R14, R15);
  code.addNumber(R14, own.picture);
  code.move(R11, R14);
  code.addNumber(R11, own.x);
  code.repeat(R9, 16, () => {
    code.repeat(R8, inputs / run, () => {
      code.repeat(RDX, row / block, () => {
        each('load');
        code.move(RSI, R14);
        code.move(RDI, R11);
        code.repeat(RCX, count, () => {
          for (let vector = 0; vector < vectors; vector++)
            code.vector('load', bytes, run * vectors + vector, { base: RDI, offset: vector * bytes });
          const factor = (input: number) => ({ base: RSI, offset: input * FLOAT });
          addProducts(code, tiling, { sums: run, block: run * vectors, factor });
          code.addNumber(RSI, step.x);
          code.addNumber(RDI, step.y);
        });
        each('store');
        code.addNumber(RAX, block);
        code.addNumber(R11, block);
      });
      code.addNumber(RAX, (run - 1) * row);
      code.addNumber(R11, -row);
      code.addNumber(R14, run * FLOAT);
    });
    code.addNumber(R14, count * step.x - inputs * FLOAT);
    code.addNumber(R11, count * step.y);
  });
}
