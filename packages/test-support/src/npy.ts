/** Reads the .npy files (NumPy format 1.0, little-endian, C order) that hold the expected values of tests. */
import { readFileSync } from 'node:fs';

const TYPES: Record<string, (buffer: ArrayBuffer) => ArrayLike<number>> = {
  '<f4': (buffer) => new Float32Array(buffer),
  '<f8': (buffer) => new Float64Array(buffer),
  '<i4': (buffer) => new Int32Array(buffer),
  '<i8': (buffer) => Array.from(new BigInt64Array(buffer), Number),
};

export function readNpy(path: string): { shape: number[]; data: ArrayLike<number> } {
  const file = readFileSync(path);
  const headerEnd = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, headerEnd);
  const dtype = /'descr': '([^']+)'/.exec(header)![1]!;
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]!
    .split(',')
    .filter((d) => d.trim())
    .map(Number);
  return { shape, data: TYPES[dtype]!(Uint8Array.from(file.subarray(headerEnd)).buffer) };
}
