/** Counts by WebAssembly: V8's own loop over two lists and a table takes three times as long, and is compiled anew every now and then. */
import { COUNT } from './count-wasm.ts';
import { kernelOf } from './kernel.ts';

interface Kernel {
  readonly memory: WebAssembly.Memory;
  count(rows: number, classes: number, truth: number, support: number): number;
}

/** Rows at a time. */
const BLOCK = 16_384;
let kernel: Kernel | null | undefined;

/**
 * @param predicted shape [N]
 * @param truth shape [N]
 * @param into shape [3, C]: support, chosen, hits
 * @returns whether all are classes; undefined where there is no WebAssembly, or counts do not fit its memory
 */
export function countKernel(
  { predicted, truth }: { predicted: Int32Array; truth: Int32Array },
  into: Int32Array,
): boolean | undefined {
  kernel = kernel === undefined ? kernelOf<Kernel>(COUNT) : kernel;
  if (kernel === null) return undefined;
  const memory = new Int32Array(kernel.memory.buffer);
  const table = 2 * BLOCK;
  if (table + into.length > memory.length) return undefined;
  memory.fill(0, table, table + into.length);
  for (let row = 0; row < truth.length; row += BLOCK) {
    const end = Math.min(row + BLOCK, truth.length);
    memory.set(predicted.subarray(row, end));
    memory.set(truth.subarray(row, end), BLOCK);
    if (!kernel.count(end - row, into.length / 3, 4 * BLOCK, 4 * table)) return false;
  }
  into.set(memory.subarray(table, table + into.length));
  return true;
}
