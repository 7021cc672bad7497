/** One column of one row group as numbers [rows, width], a page at a time. */
import { DataError } from '@longtail/core';
import type { Source } from '../source.ts';
import { damaged, type Group, type ParquetColumn } from './metadata.ts';
import { type Levels, numbers, opened } from './page-values.ts';
import { type Page, readPages } from './pages.ts';

export type Numbers = Float32Array | Float64Array;

/** Of one column, decoded. */
const MAX_DECODED = 2 ** 30;

/**
 * @returns [rows * width], of which the first group's rows have told the width
 * @throws DataError when the column holds no numbers, a row is missing or of another length, or the pages are damaged
 */
export async function readColumn(
  source: Source,
  group: Group,
  column: ParquetColumn,
  width: number,
): Promise<Numbers> {
  const { type, name } = column;
  const refuse = (found: string, row = group.start): DataError =>
    new DataError(
      `${source.path}: expected numbers in the column "${name}", but row ${row} holds ${found}; name the columns with \`features\`.`,
      { path: source.path, column: name, row },
    );
  if (!type) throw refuse(column.typeName);
  const chunk = group.chunks.get(name) ?? { start: 0, end: 0, values: 0, codec: '' };
  const small = type.name === 'float16' || type.name === 'float32';
  if (chunk.values * (small ? 4 : 8) > MAX_DECODED) throw tooLarge(source, group, column);
  const pages = await readPages(source, chunk);
  const rows = rowCounter(group, width, refuse);
  const all = small ? new Float32Array(chunk.values) : new Float64Array(chunk.values);
  let [at, dictionary]: [number, Float64Array | undefined] = [0, undefined];
  for (const page of pages) {
    const { values, levels } = await decode(source, page, chunk.codec, column, dictionary);
    if (page.kind === 'dictionary') dictionary = values;
    else {
      rows.check(page.values, levels, column);
      all.set(values, at);
      at += values.length;
    }
  }
  rows.end();
  return all;
}

async function decode(
  source: Source,
  page: Page,
  codec: string,
  column: ParquetColumn,
  dictionary: Float64Array | undefined,
): Promise<{ values: Float64Array; levels: Levels }> {
  const bytes = await source.read(page.start, page.size);
  const refuse = (found: string, cause?: unknown) =>
    damaged(source, page.start, `a page of the column "${column.name}" ${found}`, cause);
  const plain = page.kind === 'dictionary';
  const { repetition, definition } = plain ? { repetition: 0, definition: 0 } : column;
  const levels = opened(bytes, page, { codec, repetition, definition, refuse });
  // A missing value has a level but no bytes.
  const present = levels.definition ? countOf(levels.definition, definition) : page.values;
  const encoding = plain ? 'PLAIN' : page.encoding;
  return {
    values: numbers(levels.body, present, { encoding, type: column.type!, dictionary, refuse }),
    levels,
  };
}

function countOf(levels: Uint32Array, wanted: number): number {
  let count = 0;
  for (const level of levels) if (level === wanted) count++;
  return count;
}

/** Follows the levels: a value that is missing, and rows of another length than values / rows, are refused. */
function rowCounter(group: Group, width: number, refuse: (found: string, row?: number) => DataError) {
  const rows = group.end - group.start;
  let [row, inRow] = [-1, width];
  const ended = () => {
    if (inRow !== width) throw refuse(`${inRow} of them, not ${width}`, group.start + Math.max(0, row));
  };
  return {
    check(count: number, { repetition, definition }: Levels, column: ParquetColumn): void {
      for (let i = 0; i < count; i++) {
        if (!repetition?.[i]) {
          ended();
          [row, inRow] = [row + 1, 0];
        }
        inRow++;
        if (definition && definition[i] !== column.definition) throw refuse('nothing', group.start + row);
      }
    },
    end(): void {
      ended();
      if (row + 1 !== rows)
        throw refuse(`nothing, because the column has ${row + 1} rows of ${rows}`, group.start);
    },
  };
}

function tooLarge(source: Source, group: Group, { name }: ParquetColumn): DataError {
  return new DataError(
    `${source.path}: expected row groups whose columns take at most ${MAX_DECODED} bytes, because they are read one at a time, but "${name}" in rows ${group.start} to ${group.end} takes more; write the file with a smaller row_group_size.`,
    { path: source.path, column: name, rows: group.end - group.start },
  );
}
