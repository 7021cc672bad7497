/** The checksum of a classifier's file, of its JSON and all tensors: CRC-32, which a browser has the moment it is asked for. */
import type { NamedArrays } from '@longtail/formats';
import { crc32 } from '@longtail/formats/crc32';

/** @param about the JSON */
export function classifierChecksum(arrays: NamedArrays, about: string): string {
  const tensors = [...arrays.keys()].sort().map((name) => {
    const { shape, data } = arrays.get(name)!;
    return [name, shape, crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
  });
  const text = JSON.stringify([about, tensors]);
  return `crc32 ${crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0')}`;
}
