/** Columns to be written as a table. */
import { InputError } from '@longtail/core';
import { entriesOf, type Named, type NamedArray, withDtype } from './named-array.ts';

/** By their names, each of one length: numbers [n] or [n, dim], or texts. */
export type TableColumns = ReadonlyMap<string, NamedArray | readonly string[]>;

export type CheckedColumn = { readonly name: string; readonly width: number; readonly isList: boolean } & (
  | { readonly texts: readonly string[] }
  | { readonly array: Required<NamedArray> }
);

const isTexts = (column: NamedArray | readonly string[]): column is readonly string[] =>
  Array.isArray(column);

/** @throws InputError unless all columns have one length, and numbers one or two dimensions that are not empty */
export function checkedColumns(columns: Named<NamedArray | readonly string[]>): {
  length: number;
  columns: CheckedColumn[];
} {
  const checked = entriesOf(columns).map(([name, column]) => checkedColumn(name, column));
  const lengths = checked.map((column) => ('texts' in column ? column.texts.length : column.array.shape[0]!));
  const [length] = lengths;
  const other = lengths.findIndex((found) => found !== length);
  if (length === undefined || other >= 0)
    throw new InputError(
      `expected columns of one length, but got ${length === undefined ? 'none' : `${length} rows in "${checked[0]!.name}" and ${lengths[other]} in "${checked[other]!.name}"`}.`,
      { lengths },
    );
  return { length, columns: checked };
}

function checkedColumn(name: string, column: NamedArray | readonly string[]): CheckedColumn {
  if (isTexts(column)) {
    const wrong = column.findIndex((text) => typeof text !== 'string');
    if (wrong < 0) return { name, width: 1, isList: false, texts: column };
    throw new InputError(`expected texts in "${name}", but row ${wrong} is ${typeof column[wrong]}.`, {
      name,
      row: wrong,
    });
  }
  const array = withDtype(column, `"${name}"`);
  const [, width = 1, ...more] = array.shape;
  if (array.shape.length >= 1 && width > 0 && more.length === 0 && array.dtype !== 'bfloat16')
    return { name, width, isList: array.shape.length === 2, array };
  throw new InputError(
    `expected numbers [n] or [n, dim] in "${name}", but got ${array.dtype} [${array.shape}]; ${array.dtype === 'bfloat16' ? 'convert it with float32Of' : 'reshape it'}.`,
    { name, shape: array.shape, dtype: array.dtype },
  );
}

/** The parts as one. */
export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
