/** Resizes RGB bytes in a WebAssembly memory that a decoder writes into: no picture is copied on its way in. */
import { type Region, sourceOf, type View } from '../view.ts';
import { KERNEL } from './kernel-wasm.ts';
import { bilinearTaps, type Taps } from './taps.ts';

type Table = readonly [table: number, pairs: number, precision: number];
type Rows = readonly [from: number, stride: number, rows: number, to: number, line: number];

/** The functions of kernel.wat. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  horizontal(...values: [...Rows, width: number, ...Table]): void;
  vertical(...values: [...Rows, ...Table]): void;
}

export interface Resampler {
  /** Room for a picture of this many bytes, until the next call of either function. */
  input(bytes: number): Uint8Array;
  /**
   * @param stored which region of the picture lies in `input`, row by row, RGB: at least `sourceOf(view)`
   * @param view its window lies inside the resized box
   * @returns shape [view.window.height, view.window.width, 3], until the next call of either function
   */
  resize(stored: Region, view: View): Uint8Array;
}

/** What the kernel may touch past the end of anything. */
const SLACK = 64;
/** It takes so many rows at once. */
const ROWS = 4;
const PAGE = 65536;
let compiled: WebAssembly.Module | undefined;

/** Each thread needs its own. Its memory grows to the largest picture it has seen. */
export function createResampler(): Resampler {
  compiled ??= new WebAssembly.Module(Buffer.from(KERNEL, 'base64'));
  const kernel = new WebAssembly.Instance(compiled).exports as unknown as Kernel;
  return {
    input(bytes) {
      reserve(kernel.memory, bytes + SLACK);
      return new Uint8Array(kernel.memory.buffer, 0, bytes);
    },
    resize: (stored, view) => resize(kernel, stored, view),
  };
}

function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}

function resize(kernel: Kernel, stored: Region, view: View): Uint8Array {
  const { box, window, mirrored } = view;
  const columns = bilinearTaps(box.width, view.width);
  const rows = bilinearTaps(box.height, view.height);
  const source = sourceOf(view);
  const [stride, line] = [stored.width * 3, window.width * 3];
  const between = Math.ceil((line + 1) / 16) * 16; // a store touches one byte past a row's end
  const [, toRows, toResult, columnTable, rowTable, end] = placesOf([
    (stored.height + ROWS) * stride,
    (source.height + rows.taps + ROWS) * between,
    window.height * line,
    window.width * entryBytes(columns),
    window.height * entryBytes(rows),
  ]);
  reserve(kernel.memory, end!);
  const [left, top] = [box.left - stored.left, source.top - box.top];
  fill(kernel, columnTable!, columns, [window.left, window.width], (x) => (left + x) * 3, mirrored);
  fill(kernel, rowTable!, rows, [window.top, window.height], (y) => (y - top) * between, false);
  const from = (source.top - stored.top) * stride;
  const across = [columnTable!, columns.taps / 2, columns.precision] as const;
  kernel.horizontal(from, stride, source.height, toRows!, between, window.width, ...across);
  const down = [rowTable!, rows.taps / 2, rows.precision] as const;
  kernel.vertical(toRows!, between, window.height, toResult!, line, ...down);
  return new Uint8Array(kernel.memory.buffer, toResult, window.height * line);
}

/** Where each of several pieces of memory begins, one after another, and where the last one ends. */
function placesOf(sizes: readonly number[]): number[] {
  const places = [0];
  for (const size of sizes) places.push(places.at(-1)! + Math.ceil((size + SLACK) / 16) * 16);
  return places;
}

const entryBytes = ({ taps }: Taps): number => 4 + taps * 2;

/** The kernel's table of the `count` places from `from` on: where each one's inputs begin, and their weights. */
function fill(
  { memory: { buffer } }: Kernel,
  at: number,
  { first, weights, taps }: Taps,
  [from, count]: readonly [number, number],
  offsetOf: (input: number) => number,
  isReversed: boolean,
): void {
  const entry = 2 + taps;
  const table = new Int16Array(buffer, at, count * entry);
  const offsets = new Int32Array(buffer, at, (count * entry) / 2);
  for (let i = 0; i < count; i++) {
    const place = from + (isReversed ? count - 1 - i : i);
    offsets[(i * entry) / 2] = offsetOf(first[place]!);
    for (let j = 0; j < taps; j++) table[i * entry + 2 + j] = weights[place * taps + j]!;
  }
}
