/** Named arrays as one safetensors file (github.com/huggingface/safetensors). */
import { InputError } from '@longtail/core';
import type { Dtype } from '../element-type.ts';
import { checkMetadata, entriesOf, type Named, type NamedArray, withDtype } from '../named-array.ts';
import { DTYPES } from './header.ts';

const NAMES = Object.fromEntries(Object.entries(DTYPES).map(([name, dtype]) => [dtype, name])) as Record<
  Dtype,
  string
>;

/**
 * @param arrays name to array, in a Map or a plain object, of any type
 * @param metadata string to string, kept under `__metadata__`
 * @returns the file's bytes
 * @throws InputError for an array that does not fit its shape or type, or is named `__metadata__`, and for metadata that is no text
 * @example
 * await writeFile('head.safetensors', encodeSafetensors(new Map([['weight', { shape: [10, 64], data }]])));
 */
export function encodeSafetensors(
  arrays: Named<NamedArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  // Without a prototype, whose setter an array named __proto__ would call.
  const header: Record<string, unknown> = Object.assign(Object.create(null), {
    __metadata__: checkMetadata(metadata),
  });
  const entries = entriesOf(arrays);
  let end = 0;
  for (const [name, array] of entries) {
    const { dtype, shape, data } = withDtype(array, `"${name}"`);
    if (name === '__metadata__')
      throw new InputError('expected another name than __metadata__, which the format keeps for itself.', {
        name,
      });
    header[name] = { dtype: NAMES[dtype], shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8; // the data begins at a multiple of 8, as other writers do
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  let at = 8 + padded;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
