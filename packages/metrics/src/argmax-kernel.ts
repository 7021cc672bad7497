/** argmax by WebAssembly's vectors: JavaScript takes one number at a time, at a fifth of the speed. */
import { ARGMAX } from './argmax-wasm.ts';
import { kernelOf } from './kernel.ts';

interface Kernel {
  readonly memory: WebAssembly.Memory;
  argmax(rows: number, n: number, out: number): void;
}

/** Numbers of a block, 64 kB: larger ones gain nothing, of smaller ones there are too many. */
const BLOCK = 16_384;
let kernel: Kernel | null | undefined;

/**
 * @param into the place of the largest of each row, -1 where the row has a NaN
 * @returns whether it was done: not where there is no WebAssembly, or a row does not fit its memory
 */
export function argmaxKernel(
  scores: Float32Array,
  { numClasses, into }: { numClasses: number; into: Int32Array },
): boolean {
  kernel = kernel === undefined ? kernelOf<Kernel>(ARGMAX) : kernel;
  if (kernel === null) return false;
  const perBlock = Math.max(1, Math.floor(BLOCK / numClasses));
  const out = 4 * perBlock * numClasses;
  const { buffer } = kernel.memory;
  if (out + 4 * perBlock > buffer.byteLength) return false;
  const [rows, places] = [new Float32Array(buffer), new Int32Array(buffer, out, perBlock)];
  for (let row = 0; row < into.length; row += perBlock) {
    const count = Math.min(perBlock, into.length - row);
    rows.set(scores.subarray(row * numClasses, (row + count) * numClasses));
    kernel.argmax(count, numClasses, out);
    into.set(count === perBlock ? places : places.subarray(0, count), row);
  }
  return true;
}
