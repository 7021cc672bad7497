/** One column of numbers in one row group, a page at a time. */
import { DataError } from '@longtail/core';
import { type ArrayData, TYPED_ARRAYS } from '../element-type.ts';
import type { Source } from '../source.ts';
import type { Nulls } from '../table.ts';
import { valueError } from '../value-error.ts';
import { layout, type Shape } from './layout.ts';
import { type Levels, opened, type Refuse } from './levels.ts';
import { type Chunk, chunkOf, damaged, type Group } from './metadata.ts';
import { type Page, readPages } from './pages.ts';
import type { ParquetColumn } from './schema.ts';
import { pageValues, type Values } from './values.ts';

export interface Decoded {
  /** [rows * width] */
  readonly values: Values;
  /** [rows * width], 1 where nothing is; undefined where everything is. */
  readonly missing: Uint8Array | undefined;
}

/** Of one column, decoded. */
const MAX_DECODED = 2 ** 30;
/** @throws DataError when a row is missing or of another length, a value outside its type, or the pages are damaged */
export async function readColumn(
  source: Source,
  group: Group,
  column: ParquetColumn,
  { shape, nulls }: { shape: Shape; nulls: Nulls },
): Promise<Decoded> {
  const refuse = (found: string, row: number, advice?: string): DataError =>
    valueError(
      `${source.path}: expected ${column.dtype} in the column "${column.name}", but row ${group.start + row} holds ${found}`,
      { advice, path: source.path, column: column.name, row: group.start + row },
    );
  const chunk = chunkOf(group, column);
  const rows = group.end - group.start;
  const pages = await readPages(source, chunk);
  if (column.isList ? chunk.values < rows : chunk.values !== rows)
    throw damaged(
      source,
      chunk.start,
      `the column "${column.name}" has ${chunk.values} values in ${rows} rows`,
    );
  const size = rows * shape.width;
  const { stored } = column;
  if (Math.max(size, chunk.values) * stored!.bytes > MAX_DECODED) throw tooLarge(source, group, column);
  const into = new TYPED_ARRAYS[stored!.name](size);
  const laid = layout(column, { rows, shape, into, nulls, refuse });
  for await (const { count, levels, values } of decodedPages(source, chunk, pages, column))
    laid.page(count, levels, values);
  const missing = laid.end();
  return {
    values: declared(into, column, (found, at) => refuse(found, Math.floor(at / shape.width))),
    missing,
  };
}

async function* decodedPages(
  source: Source,
  chunk: Chunk,
  pages: readonly Page[],
  column: ParquetColumn,
): AsyncGenerator<{ count: number; levels: Levels; values: Values }> {
  let dictionary: Values | undefined;
  for (const page of pages) {
    const { levels, body, refuse } = await openPage(source, chunk, page, column);
    const isDictionary = page.kind === 'dictionary';
    const encoding = isDictionary ? 'PLAIN' : page.encoding;
    // A missing value has a level but no bytes.
    const present = levels.definition ? countOf(levels.definition, column.definition) : page.values;
    const values = pageValues(body, present, { encoding, type: column.stored, dictionary, refuse });
    if (isDictionary) dictionary = values;
    else yield { count: page.values, levels, values };
  }
}

/** A page's levels, its bytes decompressed, and the error for what is wrong with it. */
export async function openPage(
  source: Source,
  { codec }: Chunk,
  page: Page,
  column: ParquetColumn,
): Promise<{ levels: Levels; body: Uint8Array; refuse: Refuse }> {
  const bytes = await source.read(page.start, page.size);
  const refuse = (found: string, cause?: unknown) =>
    damaged(source, page.start, `a page of the column "${column.name}" ${found}`, cause);
  const isDictionary = page.kind === 'dictionary';
  const most = isDictionary
    ? { repetition: 0, definition: 0 }
    : { repetition: column.lists.length, definition: column.definition };
  const { body, ...levels } = await opened(bytes, page, { codec, most, refuse });
  return { levels, body, refuse };
}

function countOf(levels: Uint32Array, wanted: number): number {
  let count = 0;
  for (const level of levels) if (level === wanted) count++;
  return count;
}

/** From how numbers are stored to what they are said to be. */
function declared(
  values: Values,
  { stored, dtype }: ParquetColumn,
  refuse: (found: string, at: number) => DataError,
): Values {
  if (!dtype || stored!.name === dtype) return values;
  const into = new TYPED_ARRAYS[dtype](values.length) as Int32Array;
  const from = values as ArrayData;
  for (let i = 0; i < from.length; i++) {
    const value = Number(from[i]);
    into[i] = value;
    if (into[i] !== value) throw refuse(`${value}, which is none; write the column as ${stored!.name}`, i);
  }
  return into;
}

/** The lists of the first row that has one; undefined where none has. */
export async function firstShape(
  source: Source,
  groups: readonly Group[],
  column: ParquetColumn,
): Promise<Shape | undefined> {
  for (const group of groups) {
    const chunk = chunkOf(group, column);
    const found: number[] = [];
    for (const page of await readPages(source, chunk)) {
      if (page.kind === 'dictionary') continue;
      const { levels } = await openPage(source, chunk, page, column);
      for (let i = 0; i < page.values; i++) {
        const repetition = levels.repetition![i]!;
        if (repetition === 0 && found.length > 0)
          return { width: found.length, repetition: Uint32Array.from(found) };
        if (repetition > 0 || levels.definition![i]! >= column.lists.at(-1)!) found.push(repetition);
      }
    }
    if (found.length > 0) return { width: found.length, repetition: Uint32Array.from(found) };
  }
  return undefined;
}

export function tooLarge(source: Source, group: Group, { name }: ParquetColumn): DataError {
  return new DataError(
    `${source.path}: expected row groups whose columns take at most ${MAX_DECODED} bytes, because they are read one at a time, but "${name}" in rows ${group.start} to ${group.end} takes more; write the file with a smaller row_group_size.`,
    { path: source.path, column: name, rows: group.end - group.start },
  );
}
