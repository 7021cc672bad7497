/**
 * The pages of a column chunk, before they are decoded: hyparquet allocates, and loops over, as many values as a page's
 * header claims. Together they must hold the values that the file's metadata promises, in the bytes that are there.
 */
import { parquetHeader } from 'hyparquet/src/column.js';
import { structEnd } from './thrift.ts';

/** A page of zeros shrinks by about a thousand; writers make pages of 1 MiB. */
const MAX_RATIO = 1024;
const SMALL_PAGE = 2 ** 21;

/**
 * @param chunk the bytes of the column chunk
 * @param values what the metadata promises
 * @returns what is wrong, and at which byte of the chunk
 */
export function wrongPages(chunk: Uint8Array, values: number): { found: string; at: number } | undefined {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let [at, seen] = [0, 0];
  while (at < chunk.length - 1) {
    const end = structEnd(chunk, at);
    if (end === undefined) return { found: 'a page has no header', at };
    const header = parquetHeader({ view, offset: at });
    const { compressed_page_size: size, uncompressed_page_size: full } = header;
    if (!isCount(size) || size > chunk.length - end) return { found: `a page claims ${size} bytes`, at };
    if (!isCount(full) || full > Math.max(SMALL_PAGE, MAX_RATIO * size))
      return { found: `a page of ${size} bytes claims to hold ${full}`, at };
    const page = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
    const [count, most] = [page?.num_values, header.type === 'DICTIONARY_PAGE' ? full : values - seen];
    if (!isCount(count) || count > most) return { found: `a page claims ${count} values`, at };
    const v2 = header.data_page_header_v2;
    if (v2 && ![v2.num_rows, v2.num_nulls].every((n) => isCount(n) && n <= count))
      return { found: `a page of ${count} values claims ${v2.num_rows} rows`, at };
    if (header.type !== 'DICTIONARY_PAGE') seen += count;
    at = end + size;
  }
  return seen === values ? undefined : { found: `the pages hold ${seen} values of ${values}`, at };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
