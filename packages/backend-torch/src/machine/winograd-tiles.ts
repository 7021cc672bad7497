/** The tiles of a picture as the routines of Winograd's way walk over them, and what becomes of each: V = B^T d B. */
import { FLOAT } from './grouped-conv.ts';
import type { Tiling, WinogradConv } from './winograd-tiling.ts';
import { type Assembler, REGISTERS } from './x64.ts';

const { RCX, RBP, RSI, RDI, R8, R9, R12, R13, R15 } = REGISTERS;

/** The rows of B^T: which line, plus or minus which other. */
const INTO = [
  [0, 'sub', 2],
  [1, 'add', 2],
  [2, 'sub', 1],
  [1, 'sub', 3],
] as const;

/** A picture has one group, which a unit takes as a whole. */
export const WHOLE = { groups: 1, together: 1 } as const;

const isOdd = (places: number): boolean => places % 2 === 1;

/** `body` at each band of a picture: x, in its zeros, from R12 on, and y from R13 on. */
export function everyBand(
  code: Assembler,
  { inputs, outputs }: WinogradConv,
  { places, padded, tiles, bands }: Tiling,
  body: (isLast: boolean) => void,
): void {
  const band = (isLast: boolean): void => {
    body(isLast);
    code.addNumber(R12, 2 * tiles[0] * padded[1] * inputs * FLOAT);
    code.addNumber(R13, 2 * tiles[0] * places[1] * outputs * FLOAT);
  };
  code.move(R12, R15);
  const alike = isOdd(places[0]) ? bands - 1 : bands;
  if (alike > 0) code.repeat(RBP, alike, () => band(false));
  if (alike < bands) band(true);
}

/** `body` at each of `count` tiles along an axis, two places apart; where `isCut`, the last begins a place before. */
function along(
  code: Assembler,
  counter: number,
  { count, isCut, move }: { count: number; isCut: boolean; move: (places: number) => void },
  body: (isCut: boolean) => void,
): void {
  const step = (isLast: boolean): void => {
    body(isLast);
    move(2);
  };
  const whole = isCut ? count - 1 : count;
  if (whole > 0) code.repeat(counter, whole, () => step(false));
  if (!isCut) return;
  move(-1);
  step(true);
}

interface Walk {
  /** Where the first tile's first place is. */
  readonly pointer: number;
  /** Bytes of a place, and of a row of places. */
  readonly place: number;
  readonly line: number;
  /** Whether this is the last band, of which an odd number of rows leaves one out. */
  readonly isLast: boolean;
}

/** Whether the first row or column of a tile is of the tile before, too. */
export type Shared = readonly [row: boolean, column: boolean];

/** `body` at each tile of a band. */
export function everyTile(
  code: Assembler,
  { tiles, places }: Tiling,
  { pointer, place, line, isLast }: Walk,
  body: (shared: Shared) => void,
): void {
  const move = (bytes: number) => (n: number) => code.addNumber(pointer, n * bytes);
  const down = { count: tiles[0], isCut: isLast && isOdd(places[0]), move: move(line) };
  const across = { count: tiles[1], isCut: isOdd(places[1]), move: move(place) };
  along(code, R8, down, (row) => {
    along(code, R9, across, (column) => body([row, column]));
    code.addNumber(pointer, -places[1] * place);
  });
}

/** V = B^T d B of the tiles of a band: [16, tiles, inputs]. */
export function transformIn(
  code: Assembler,
  { inputs }: WinogradConv,
  tiling: Tiling,
  isLast: boolean,
): void {
  const { tiles, padded, bytesIn, step, own } = tiling;
  const place = inputs * FLOAT;
  const line = padded[1] * place;
  const all = tiles[0] * tiles[1] * step.x;
  code.move(RSI, R12);
  code.move(RDI, R15);
  code.addNumber(RDI, own.picture);
  everyTile(code, tiling, { pointer: RSI, place, line, isLast }, () => {
    code.repeat(RCX, place / bytesIn, () => {
      INTO.forEach(([row, sign, other], i) => {
        for (let j = 0; j < 4; j++) {
          code.vector('load', bytesIn, j, { base: RSI, offset: row * line + j * place });
          code.vector(sign, bytesIn, j, { base: RSI, offset: other * line + j * place }, j);
        }
        INTO.forEach(([column, operation, from], j) => {
          code.vector(operation, bytesIn, 4 + j, from, column);
          code.vector('store', bytesIn, 4 + j, { base: RDI, offset: (4 * i + j) * all });
        });
      });
      code.addNumber(RSI, bytesIn);
      code.addNumber(RDI, bytesIn);
    });
    code.addNumber(RSI, -place);
    code.addNumber(RDI, step.x - place);
  });
}
