/** Rows of a Parquet file's columns, out of the pieces they are decoded in; the latest of these are kept. */
import type { DataError } from '@longtail/core';
import { type ArrayData, TYPED_ARRAYS, toFloat32, toFloat64 } from '../element-type.ts';
import type { Source } from '../source.ts';
import type { Nulls, Range, Table } from '../table.ts';
import { valueError } from '../value-error.ts';
import { type Decoded, readColumn } from './column.ts';
import { keptPieces } from './kept.ts';
import type { Shape } from './layout.ts';
import type { Group } from './metadata.ts';
import type { ParquetColumn } from './schema.ts';
import { type Piece, textPieces } from './text-pages.ts';

interface Parts {
  readonly groups: readonly Group[];
  readonly columns: readonly ParquetColumn[];
  readonly shapes: readonly Shape[];
  readonly nulls: Nulls;
}
type Column = ParquetColumn & Shape;
/** The rows of a range that lie in one piece, counted from its start. */
type Part = Decoded & Range & { readonly row: number };

export function columnReader(
  source: Source,
  { groups, columns, shapes, nulls }: Parts,
): Pick<Table, 'read' | 'readExact' | 'readTexts' | 'readBytes'> {
  const kept = keptPieces();
  const all = columns.map((column, i): Column => ({ ...column, ...shapes[i]! }));
  const column = (index: number): Column => all[index]!;

  const pieces = pieceFinder(source, { groups, columns, shapes, nulls });

  async function decode(piece: Piece, index: number): Promise<Decoded> {
    const found = kept.get(index, piece.start);
    if (found) return found;
    const decoded = await piece.decode();
    kept.set(index, piece.start, decoded);
    return decoded;
  }
  async function* parts(index: number, { start, end }: Range): AsyncGenerator<Part> {
    for (const group of groups.filter((g) => g.start < end && g.end > start))
      for (const piece of await pieces(group, index)) {
        const row = Math.max(start, piece.start);
        const range = { start: row - piece.start, end: Math.min(end, piece.end) - piece.start };
        if (range.start < range.end) yield { ...(await decode(piece, index)), ...range, row };
      }
  }
  const readBytes: Table['readBytes'] = async (index, range) => {
    const texts: (Uint8Array | undefined)[] = [];
    for await (const { values, start, end } of parts(index, range))
      for (let i = start; i < end; i++) texts.push((values as typeof texts)[i]);
    return texts;
  };
  return {
    ...numberReader(source, column, parts),
    readBytes,
    readTexts: textReader(source, column, readBytes),
  };
}

/** Numbers are decoded by the row group, texts by the page; where pages lie is looked up once. */
function pieceFinder(source: Source, { columns, shapes, nulls }: Parts) {
  const found = new Map<string, Promise<Piece[]>>();
  return async (group: Group, index: number): Promise<Piece[]> => {
    const [column, shape] = [columns[index]!, shapes[index]!];
    const { start, end } = group;
    if (column.kind !== 'text')
      return [{ start, end, decode: () => readColumn(source, group, column, { shape, nulls }) }];
    const key = `${index} ${start}`;
    const pieces = found.get(key) ?? textPieces(source, group, column);
    found.set(key, pieces);
    return pieces;
  };
}

function numberReader(
  source: Source,
  column: (index: number) => Column,
  parts: (index: number, range: Range) => AsyncGenerator<Part>,
): Pick<Table, 'read' | 'readExact'> {
  return {
    async read(wanted, range, into) {
      const of = wanted.reduce((sum, index) => sum + column(index).width, 0);
      let at = 0;
      for (const index of wanted) {
        const one = column(index);
        for await (const part of parts(index, range))
          copyRows(part, one, into.subarray((part.row - range.start) * of + at), of);
        at += one.width;
      }
      return into;
    },
    async readExact(index, range) {
      const one = column(index);
      const rows = new TYPED_ARRAYS[one.dtype!]((range.end - range.start) * one.width) as Float64Array;
      for await (const part of parts(index, range))
        rows.set(exact(source, part, one), (part.row - range.start) * one.width);
      return rows;
    },
  };
}

const textReader =
  (source: Source, column: (index: number) => Column, readBytes: Table['readBytes']): Table['readTexts'] =>
  async (index, range) =>
    (await readBytes(index, range)).map((bytes, i) =>
      textOf(bytes, (found) => refused(source, column(index).name, range.start + i, found)),
    );

const refused = ({ path }: Source, name: string, row: number, found: string): DataError =>
  valueError(`${path}: expected ${found} in the column "${name}" at row ${row}`, {
    path,
    column: name,
    row,
  });

/** The rows of one column into their place beside others, `of` numbers a row. */
function copyRows(
  { values, missing, start, end }: Part,
  { width, dtype }: Column,
  into: Float32Array | Float64Array,
  of: number,
): void {
  const from = numbersOf((values as ArrayData).subarray(start * width, end * width), dtype!);
  for (let row = 0; row < end - start; row++)
    for (let i = 0; i < width; i++) into[row * of + i] = from[row * width + i]!;
  if (!missing) return;
  for (let row = 0; row < end - start; row++)
    for (let i = 0; i < width; i++) if (missing[(start + row) * width + i]) into[row * of + i] = Number.NaN;
}

function numbersOf(values: ArrayData, dtype: Column['dtype']): ArrayLike<number> {
  if (dtype === 'float16') return toFloat32(values, dtype);
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? toFloat64(values, dtype!)
    : values;
}

function exact(
  source: Source,
  { values, missing, start, end, row }: Part,
  { name, width, dtype }: Column,
): Float64Array {
  const part = (values as Float64Array).slice(start * width, end * width);
  const holes = missing?.subarray(start * width, end * width);
  for (let i = holes?.indexOf(1) ?? -1; i >= 0; i = holes!.indexOf(1, i + 1)) {
    if (!dtype!.includes('float'))
      throw refused(source, name, row + Math.floor(i / width), `a value, because ${dtype} has no NaN,`);
    part[i] = dtype === 'float16' ? 0x7e00 : Number.NaN;
  }
  return part;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array | undefined, refuse: (found: string) => DataError): string {
  if (!bytes) throw refuse('text, and not nothing,');
  try {
    return decoder.decode(bytes);
  } catch {
    throw refuse('text in UTF-8');
  }
}
