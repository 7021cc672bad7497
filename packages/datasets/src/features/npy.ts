/**
 * One array of NumPy (numpy.lib.format, versions 1 to 3): `\x93NUMPY`, two bytes of version, the header's length (u16;
 * u32 since version 2), a Python dict {'descr': '<f4', 'fortran_order': False, 'shape': (n, dim)}, then the elements.
 */
import { DataError } from '@longtail/core';
import { numpyType } from './element-type.ts';
import type { OpenFile } from './open-file.ts';
import { checkExtent, type StoredArray } from './stored-array.ts';

const MAGIC = '\x93NUMPY';
/** Of plain arrays a header has about a hundred bytes. */
const MAX_HEADER = 65_536;

/**
 * @param options.start where the array begins, in bytes, and `end` where it must end: a member of a .npz
 * @throws DataError when it is no .npy, in Fortran order, or its bytes are not all there
 */
export function npyArray(
  file: OpenFile,
  { name = '', start = 0, end = file.size }: { name?: string; start?: number; end?: number } = {},
): StoredArray {
  const { header, offset } = readHeader(file, start, end);
  const [, order = '', code = ''] =
    /['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z]\d{1,4})['"]/.exec(header) ?? [];
  const [, fortran] = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header) ?? [];
  const [, sizes] = /['"]shape['"]\s*:\s*\(([\d\s,]*)\)/.exec(header) ?? [];
  if (fortran === undefined || sizes === undefined || !/['"]descr['"]\s*:/.test(header))
    throw refused(file, start, `its header is ${JSON.stringify(header.trim().slice(0, 200))}`);
  const shape = sizes.split(',').flatMap((size) => (size.trim() ? [Number(size)] : []));
  if (fortran === 'True' && shape.length > 1) throw columnMajor(file.path, offset);
  const type = numpyType(code, order);
  return checkExtent(
    { name, shape, type, typeName: type?.name ?? (code ? `NumPy's ${order}${code}` : 'a record'), offset },
    { path: file.path, end },
  );
}

function readHeader(file: OpenFile, start: number, end: number): { header: string; offset: number } {
  if (end - start < 12) throw refused(file, start, `it has ${end - start} bytes`);
  const head = file.readNow(start, 12);
  if (head.toString('latin1', 0, 6) !== MAGIC) throw refused(file, start, 'its first bytes are others');
  const version = head[6]!;
  if (version < 1 || version > 3) throw refused(file, start, `its version is ${version}`);
  const [length, first] =
    version === 1 ? [head.readUInt16LE(8), start + 10] : [head.readUInt32LE(8), start + 12];
  if (length > Math.min(MAX_HEADER, end - first))
    throw refused(file, start, `its header claims ${length} bytes`);
  return { header: file.readNow(first, length).toString('latin1'), offset: first + length };
}

function refused({ path }: OpenFile, offset: number, found: string): DataError {
  return new DataError(
    `${path}: expected an array of NumPy (.npy) at byte ${offset}, but ${found}; write it with numpy.save.`,
    { path, offset },
  );
}

/** Rows of a Fortran-ordered array are spread over the whole file, so no range of them can be read by itself. */
export function columnMajor(path: string, offset: number): DataError {
  return new DataError(
    `${path}: expected rows one after another (C order), but the array at byte ${offset} is in Fortran order; save numpy.ascontiguousarray(array).`,
    { path, offset },
  );
}
