/** A safetensors file in pieces: its header now, the elements of a tensor when they are asked for. */
import { uint64 } from '../bytes.ts';
import { elementType } from '../element-type.ts';
import type { Source } from '../source.ts';
import { checkExtent, type StoredArray } from '../stored-array.ts';
import { MAX_HEADER, parseHeader, refused } from './header.ts';

/** @throws DataError when the header is none, or a tensor's place does not fit its shape or the file */
export async function safetensorsArrays(
  source: Source,
): Promise<{ arrays: StoredArray[]; metadata: Readonly<Record<string, string>> }> {
  const { path, size } = source;
  if (size < 8) throw refused(path, 0, `it has ${size} bytes`);
  const length = uint64(await source.read(0, 8));
  if (length > Math.min(MAX_HEADER, size - 8)) throw refused(path, 0, `its header claims ${length} bytes`);
  const { entries, metadata } = parseHeader(await source.read(8, length), path);
  const arrays = entries.map(({ name, dtype, typeName, shape, from }) =>
    checkExtent({
      name,
      shape,
      type: dtype && elementType(dtype),
      typeName,
      source,
      offset: 8 + length + from,
    }),
  );
  return { arrays, metadata };
}
