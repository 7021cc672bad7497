/** Resizes RGB bytes in a WebAssembly memory that a decoder writes into: no picture is copied on its way in. */
import { type Region, sourceOf, type View } from '../view.ts';
import { KERNEL } from './kernel-wasm.ts';
import { bilinearTaps, type Taps } from './taps.ts';

type Table = [table: number, pairs: number, precision: number];
type Rows = [from: number, stride: number, rows: number, to: number];

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
  const { box, window } = view;
  const columns = bilinearTaps(box.width, view.width);
  const lines = bilinearTaps(box.height, view.height);
  const source = sourceOf(view);
  const [stride, line] = [stored.width * 3, window.width * 3];
  const between = aligned(stored.height * stride);
  const result = between + aligned((source.height + lines.taps) * line);
  const columnTable = result + aligned(window.height * line);
  const lineTable = columnTable + aligned(tableBytes(columns, window.width));
  const { memory } = kernel;
  reserve(memory, lineTable + aligned(tableBytes(lines, window.height)));
  const left = box.left - stored.left;
  const top = source.top - box.top;
  fill(memory, columnTable, columns, window.left, window.width, (x) => (left + x) * 3, view.mirrored);
  fill(memory, lineTable, lines, window.top, window.height, (y) => (y - top) * line, false);
  const from = (source.top - stored.top) * stride;
  const columnPairs = columns.taps / 2;
  kernel.horizontal(
    from,
    stride,
    source.height,
    between,
    window.width,
    columnTable,
    columnPairs,
    columns.precision,
  );
  kernel.vertical(between, line, window.height, result, lineTable, lines.taps / 2, lines.precision);
  return new Uint8Array(memory.buffer, result, window.height * line);
}

const aligned = (bytes: number): number => Math.ceil((bytes + SLACK) / 16) * 16;
const tableBytes = ({ taps }: Taps, count: number): number => count * (4 + taps * 2);

/** The kernel's table of the `count` places from `from` on: where each one's inputs begin, and their weights. */
function fill(
  { buffer }: WebAssembly.Memory,
  at: number,
  { first, weights, taps }: Taps,
  from: number,
  count: number,
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
