/** An array as NumPy's .npy, version 1 (numpy.lib.format); the elements begin at a multiple of 64 bytes. */
import { InputError } from '@longtail/core';
import { numpyCode } from '../element-type.ts';
import { type NamedArray, withDtype } from '../named-array.ts';

const PREFIX = 10;
const ALIGNMENT = 64;

/**
 * @param array little-endian, C order; halves and bools by their `dtype`
 * @returns the file's bytes
 * @throws InputError for bfloat16, which NumPy lacks, and a shape that does not fit the data
 * @example
 * await writeFile('features.npy', encodeNpy({ shape: [n, dim], data: features }));
 */
export function encodeNpy(array: NamedArray): Uint8Array<ArrayBuffer> {
  const { dtype, shape, data } = withDtype(array, 'array');
  const code = numpyCode(dtype);
  if (code === undefined)
    throw new InputError(`expected a type that NumPy has, but got ${dtype}; convert it to float32.`, {
      dtype,
    });
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${code}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = Math.ceil((PREFIX + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(start + data.byteLength);
  const header = new TextEncoder().encode(`${dict.padEnd(start - PREFIX - 1)}\n`);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  file.set(header, PREFIX);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
}
