/** The pages of a column chunk: their headers (parsed by hyparquet), checked against the file before anything is decoded. */
import type { PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { Source } from '../source.ts';
import { type Chunk, damaged } from './metadata.ts';
import { structEnd } from './thrift.ts';

export interface Page {
  readonly kind: 'dictionary' | 'data' | 'data v2';
  /** Of its bytes in the source, and how many they are when decompressed. */
  readonly start: number;
  readonly size: number;
  readonly full: number;
  readonly values: number;
  readonly encoding: string;
  /** v2: how many bytes the levels take, before what may be compressed. */
  readonly repetitionBytes: number;
  readonly definitionBytes: number;
  readonly compressed: boolean;
}

/** A page of equal values shrinks by about a thousand; writers make pages of 1 MiB. */
const MAX_RATIO = 1024;
const SMALL_PAGE = 2 ** 24;
/** A header has some tens of bytes; statistics of long text make it longer. */
const HEADER = 1024;
const MAX_HEADER = 2 ** 20;

const isCount = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** @throws DataError when a header does not parse, or the pages do not hold the values that the chunk promises */
export async function readPages(source: Source, chunk: Chunk): Promise<Page[]> {
  const pages: Page[] = [];
  let values = 0;
  for (let at = chunk.start; at < chunk.end; ) {
    const { header, end } = await headerAt(source, at, chunk.end);
    const page = pageOf(header, end);
    const most = page?.kind === 'dictionary' ? page.full : chunk.values - values;
    if (!page || !isCount(page.size, chunk.end - end))
      throw damaged(source, at, `a page has ${page?.size} bytes`);
    if (!isCount(page.full, Math.max(SMALL_PAGE, MAX_RATIO * page.size)))
      throw damaged(source, at, `a page of ${page.size} bytes is said to hold ${page.full}`);
    const levels = page.repetitionBytes + page.definitionBytes;
    const isLevels = isCount(levels, Math.min(page.size, page.full)) && isCount(page.repetitionBytes, levels);
    if (!isCount(page.values, most) || !isLevels)
      throw damaged(
        source,
        at,
        `a page is said to hold ${page.values} values after ${levels} bytes of levels`,
      );
    if (page.kind !== 'dictionary') values += page.values;
    pages.push(page);
    at = end + page.size;
  }
  if (values !== chunk.values)
    throw damaged(source, chunk.start, `the pages of a column hold ${values} values of ${chunk.values}`);
  return pages;
}

async function headerAt(
  source: Source,
  at: number,
  chunkEnd: number,
): Promise<{ header: PageHeader; end: number }> {
  for (const length of [HEADER, MAX_HEADER]) {
    const bytes = await source.read(at, Math.min(length, chunkEnd - at));
    const end = structEnd(bytes, 0);
    if (end === undefined) continue;
    try {
      return { header: parquetHeader({ view: new DataView(bytes.buffer), offset: 0 }), end: at + end };
    } catch (cause) {
      throw damaged(source, at, `reading a page's header failed (${(cause as Error).message})`, cause);
    }
  }
  throw damaged(source, at, 'a page has no header');
}

function pageOf(header: PageHeader, start: number): Page | undefined {
  const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  const found = header.type === 'DATA_PAGE' ? v1 : header.type === 'DATA_PAGE_V2' ? v2 : dictionary;
  if (!found) return undefined;
  return {
    kind: found === v1 ? 'data' : found === v2 ? 'data v2' : 'dictionary',
    start,
    size: header.compressed_page_size,
    full: header.uncompressed_page_size,
    values: found.num_values,
    encoding: String(found.encoding),
    // Of a damaged header these may be anything, bigints too.
    repetitionBytes: Number((found === v2 && v2?.repetition_levels_byte_length) || 0),
    definitionBytes: Number((found === v2 && v2?.definition_levels_byte_length) || 0),
    compressed: found !== v2 || v2?.is_compressed !== false,
  };
}
