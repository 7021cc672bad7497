/** A whole safetensors file in memory, at once. */
import { checkOptions, checkStrings, InputError, shown } from '@longtail/core';
import { uint64 } from '../bytes.ts';
import { elementType, typedArray } from '../element-type.ts';
import type { NamedArray } from '../named-array.ts';
import { MAX_HEADER, parseHeader, refused } from './header.ts';

/**
 * @param file the whole file's bytes
 * @param options.source its name, for error messages
 * @returns every tensor of a type known here, F16 and BF16 as their bits; see `float32Of`
 * @throws DataError when the header does not parse, a tensor is of another type (F8_E4M3), its bytes do not fit its shape,
 *   or bytes are missing
 * @example
 * const { arrays, metadata } = decodeSafetensors(await readFile(path), { source: path });
 */
export function decodeSafetensors(
  file: Uint8Array,
  options: { source?: string } = {},
): { arrays: Map<string, Required<NamedArray>>; metadata: Readonly<Record<string, string>> } {
  const { source = 'safetensors' } = checkOptions(options, { of: 'decodeSafetensors' });
  checkStrings({ source });
  if (!(file instanceof Uint8Array))
    throw new InputError(`expected a file's bytes (Uint8Array), but got ${shown(file)}.`, { file });
  if (file.length < 8) throw refused(source, 0, `it has ${file.length} bytes`);
  const length = uint64(file);
  if (length > Math.min(MAX_HEADER, file.length - 8))
    throw refused(source, 0, `its header claims ${length} bytes`);
  const { entries, metadata } = parseHeader(file.subarray(8, 8 + length), source);
  const arrays = new Map<string, Required<NamedArray>>();
  for (const { name, dtype, typeName, shape, from, to } of entries) {
    if (!dtype) throw refused(source, 8, `"${name.slice(0, 80)}" has the unknown dtype ${typeName}`);
    const [start, end] = [8 + length + from, 8 + length + to];
    if (end > file.length)
      throw refused(source, 8, `"${name.slice(0, 80)}" ends ${end - file.length} bytes past its end`);
    // A copy, so that the array starts aligned whatever the header's length was (Buffer's own slice would not copy).
    const bytes = new Uint8Array(file.subarray(start, end));
    arrays.set(name, { dtype, shape, data: typedArray(bytes, elementType(dtype)) });
  }
  return { arrays, metadata };
}
