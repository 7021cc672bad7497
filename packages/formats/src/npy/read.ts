/**
 * One array of NumPy (numpy.lib.format, versions 1 to 3): `\x93NUMPY`, two bytes of version, the header's length (u16;
 * u32 since version 2), a Python dict {'descr': '<f4', 'fortran_order': False, 'shape': (n, dim)}, then the elements.
 */
import { DataError } from '@longtail/core';
import { latin1, viewOf } from '../bytes.ts';
import { numpyType } from '../element-type.ts';
import type { Source } from '../source.ts';
import { checkExtent, columnMajor, elements, type StoredArray } from '../stored-array.ts';
import { numpyText } from './text.ts';
import { numpyTypeName } from './type-name.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Of plain arrays a header has about a hundred bytes. */
const MAX_HEADER = 65_536;

/**
 * @param options.start where the array begins, in bytes, and `end` where it must end: a member of a .npz
 * @throws DataError when it is no .npy, or its bytes are not all there
 */
export async function npyArray(
  source: Source,
  { name = '', start = 0, end = source.size }: { name?: string; start?: number; end?: number } = {},
): Promise<StoredArray> {
  const { header, offset } = await readHeader(source, start, end);
  const [, order = '', code = ''] =
    /['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z]\d{0,4}(?:\[\w{1,12}\])?)['"]/.exec(header) ?? [];
  const [, fortran] = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header) ?? [];
  const [, sizes] = /['"]shape['"]\s*:\s*\(([\dL\s,]*)\)/.exec(header) ?? [];
  if (fortran === undefined || sizes === undefined || !/['"]descr['"]\s*:/.test(header))
    throw refused(source, start, `its header is ${JSON.stringify(header.trim().slice(0, 200))}`);
  // Python 2 wrote long integers: (40L, 6L)
  const shape = sizes.split(',').flatMap((size) => (size.trim() ? [Number(size.replace('L', ''))] : []));
  const type = numpyType(code, order);
  const typeName = type?.name ?? numpyTypeName(code, order);
  const strides = fortran === 'True' ? { strides: columnMajor(shape) } : {};
  const text = numpyText(code, order);
  const bytes = text && elements(shape) * text.bytes;
  if (bytes !== undefined && offset + bytes > end)
    throw refused(source, start, `its texts take ${bytes} bytes, and ${end - offset} are there`);
  const array = { name, shape, ...strides, type, typeName, source, offset, ...(text && { text }) };
  return checkExtent(array, { end });
}

async function readHeader(
  source: Source,
  start: number,
  end: number,
): Promise<{ header: string; offset: number }> {
  if (end - start < 12) throw refused(source, start, `it has ${end - start} bytes`);
  const head = await source.read(start, 12);
  if (MAGIC.some((byte, i) => head[i] !== byte)) throw refused(source, start, 'its first bytes are others');
  const version = head[6]!;
  if (version < 1 || version > 3) throw refused(source, start, `its version is ${version}`);
  const view = viewOf(head);
  const [length, first] =
    version === 1 ? [view.getUint16(8, true), start + 10] : [view.getUint32(8, true), start + 12];
  if (length > Math.min(MAX_HEADER, end - first))
    throw refused(source, start, `its header claims ${length} bytes`);
  return { header: latin1(await source.read(first, length)), offset: first + length };
}

function refused({ path }: Source, offset: number, found: string): DataError {
  return new DataError(
    `${path}: expected an array of NumPy (.npy) at byte ${offset}, but ${found}; write it with numpy.save.`,
    { path, offset },
  );
}
