/**
 * A column of text or bytes, a page at a time: a picture is read without the rest of its row group, which may take hundreds of
 * megabytes. Lists of texts are not read, so each value is a row.
 */
import type { Source } from '../source.ts';
import type { Range } from '../table.ts';
import { type Decoded, openPage, tooLarge } from './column.ts';
import { chunkOf, damaged, type Group } from './metadata.ts';
import { type Page, readPages } from './pages.ts';
import type { ParquetColumn } from './schema.ts';
import { pageValues, type Values } from './values.ts';

/** Rows [start, end) of the file that are decoded together. */
export interface Piece extends Range {
  decode(): Promise<Decoded>;
}

/** What a view of a text's bytes takes, about. */
const TEXT = 128;
/** Of one page, decoded. */
const MAX_DECODED = 2 ** 30;

/** @throws DataError when the pages do not hold a value a row */
export async function textPieces(source: Source, group: Group, column: ParquetColumn): Promise<Piece[]> {
  const chunk = chunkOf(group, column);
  const pages = await readPages(source, chunk);
  const rows = group.end - group.start;
  if (chunk.values !== rows)
    throw damaged(
      source,
      chunk.start,
      `the column "${column.name}" has ${chunk.values} values in ${rows} rows`,
    );
  const decode = async (page: Page, dictionary?: Values): Promise<Values> => {
    if (page.values * TEXT + page.full > MAX_DECODED) throw tooLarge(source, group, column);
    const { body, levels, refuse } = await openPage(source, chunk, page, column);
    const encoding = page.kind === 'dictionary' ? 'PLAIN' : page.encoding;
    const there = levels.definition?.map((level) => Number(level === column.definition));
    const present = there ? there.reduce((sum, one) => sum + one, 0) : page.values;
    const values = pageValues(body, present, { encoding, type: undefined, dictionary, refuse });
    return there && present < page.values ? spread(values, there) : values;
  };
  const first = pages.find(({ kind }) => kind === 'dictionary');
  let dictionary: Promise<Values> | undefined;
  let end = group.start;
  return pages.flatMap((page): Piece[] => {
    if (page.kind === 'dictionary') return [];
    const start = end;
    end += page.values;
    const decoded = async (): Promise<Decoded> => {
      if (first) dictionary ??= decode(first);
      return { values: await decode(page, await dictionary), missing: undefined };
    };
    return [{ start, end, decode: decoded }];
  });
}

/** Undefined where nothing is. */
function spread(values: Values, there: Uint32Array): Values {
  let next = 0;
  return Array.from(there, (one) => (one ? (values as Uint8Array[])[next++] : undefined));
}
