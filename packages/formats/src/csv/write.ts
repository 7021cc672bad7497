/** Columns as CSV (RFC 4180), with a header; every number as the shortest text that reads back as the same. */
import type { ArrayData, Dtype } from '../element-type.ts';
import { float16ToFloat32 } from '../float16.ts';
import type { Named, NamedArray } from '../named-array.ts';
import { type CheckedColumn, checkedColumns, joinedBytes } from '../table-columns.ts';

/** Fields that are turned into bytes at a time: a string in JavaScript is bounded. */
const BATCH = 2 ** 20;

/**
 * @param columns by their names, in a Map or a plain object; one of shape [n, dim] becomes `name_0`, `name_1`, ...
 * @returns the file's bytes: UTF-8, rows ended by LF, NaN as `nan`, infinities as `inf`, bools as 0 and 1
 * @throws InputError for columns of other lengths, more dimensions, or bfloat16
 * @example
 * encodeCsv(new Map([['x', { shape: [n, 64], data: features }], ['label', names]])); // x_0,...,x_63,label
 */
export function encodeCsv(columns: Named<NamedArray | readonly string[]>): Uint8Array<ArrayBuffer> {
  const { length, columns: checked } = checkedColumns(columns);
  const encoder = new TextEncoder();
  const header = checked.flatMap(({ name, width, isList }) =>
    Array.from({ length: width }, (_, i) => quoted(isList ? `${name}_${i}` : name)),
  );
  const parts = [encoder.encode(`${header.join(',')}\n`)];
  const fields = checked.map(fieldsOf);
  const step = Math.ceil(BATCH / header.length);
  for (let start = 0; start < length; start += step) {
    let text = '';
    for (let row = start; row < Math.min(length, start + step); row++)
      text += `${fields.map((field) => field(row)).join(',')}\n`;
    parts.push(encoder.encode(text));
  }
  return joinedBytes(parts);
}

/** Blank ones too, so that a row of one is not an empty line. */
const quoted = (text: string): string =>
  text === '' || /["\n\r,]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function fieldsOf(column: CheckedColumn): (row: number) => string {
  if ('texts' in column) return (row) => quoted(column.texts[row]!);
  const { array, width } = column;
  const [data, show] = shown(array.data, array.dtype);
  return (row) => {
    let text = show(data[row * width]!);
    for (let i = 1; i < width; i++) text += `,${show(data[row * width + i]!)}`;
    return text;
  };
}

function shown(data: ArrayData, dtype: Dtype): [ArrayData, (value: number | bigint) => string] {
  if (dtype === 'float16') return [float16ToFloat32(data as Uint16Array), (value) => single(Number(value))];
  if (dtype === 'float32') return [data, (value) => single(Number(value))];
  return [data, dtype === 'float64' ? (value) => double(Number(value)) : String];
}

function double(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0.0';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

/** Nine digits tell every float32; six to eight are mostly enough. */
function single(value: number): string {
  if (value === 0) return double(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return double(short);
  }
  return double(Number(value.toPrecision(9)));
}
