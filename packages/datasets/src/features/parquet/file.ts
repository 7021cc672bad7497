/** An open Parquet file: its metadata, checked, and the decoded columns of one row group at a time. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { DataError } from '@longtail/core';
import {
  type ColumnData,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  type RowGroup,
} from 'hyparquet';
import type { OpenFile } from '../open-file.ts';
import { wrongPages } from './pages.ts';
import { structEnd } from './thrift.ts';

/** What a row group may hold, decompressed, of the columns that are read together. */
const MAX_GROUP = 2 ** 28;

/** Node's own, bounded by what the page's header says; Snappy is hyparquet's. */
const compressors: Compressors = {
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength: Math.max(1, maxOutputLength) }),
  BROTLI: (input, maxOutputLength) =>
    brotliDecompressSync(input, { maxOutputLength: Math.max(1, maxOutputLength) }),
  ZSTD: (input, maxOutputLength) =>
    zstdDecompressSync(input, { maxOutputLength: Math.max(1, maxOutputLength) }),
};

const failure = ({ path }: OpenFile, offset: number, found: string, cause?: unknown): DataError =>
  new DataError(
    `${path}: expected a whole Parquet file, but ${found} (byte ${offset}); write it again.`,
    { path, offset },
    { cause },
  );

/** hyparquet's errors have no type; with the file and the byte they have. */
async function typed<T>(file: OpenFile, offset: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof DataError
      ? cause
      : failure(file, offset, `reading it failed: ${(cause as Error).message}`, cause);
  }
}

const bufferOf = (file: OpenFile) => ({
  byteLength: file.size,
  slice: async (start: number, end = file.size) =>
    (await file.read(start, end - start)).buffer as ArrayBuffer,
});

/** @throws DataError when the file has no footer, or it promises what the file does not hold */
export async function readMetadata(file: OpenFile): Promise<FileMetaData> {
  if (file.size < 12) throw failure(file, 0, `it has ${file.size} bytes`);
  const foot = file.readNow(file.size - 8, 8);
  const length = foot.readUInt32LE(0);
  const start = file.size - 8 - length;
  if (foot.toString('latin1', 4) !== 'PAR1' || start < 4)
    throw failure(file, file.size - 8, 'its last bytes are no Parquet footer');
  if (structEnd(file.readNow(start, length), 0) === undefined)
    throw failure(file, start, 'its footer is no Thrift struct');
  const metadata = await typed(file, start, () =>
    parquetMetadataAsync(bufferOf(file), { geoparquet: false }),
  );
  const rows = metadata.row_groups?.map((group) => Number(group.num_rows)) ?? [];
  const total = rows.reduce((sum, n) => sum + n, 0);
  if (!rows.every((n) => Number.isSafeInteger(n) && n > 0) || total !== Number(metadata.num_rows))
    throw failure(
      file,
      start,
      `its row groups of ${rows.slice(0, 8)} rows are not the ${metadata.num_rows} it promises`,
    );
  return metadata;
}

/** The bytes of a column chunk, and how many values it promises. */
function chunksOf(file: OpenFile, group: RowGroup, names: readonly string[]) {
  return group.columns.flatMap(({ meta_data: meta }) => {
    if (!meta || !names.includes(meta.path_in_schema[0] ?? '')) return [];
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const [size, values] = [Number(meta.total_compressed_size), Number(meta.num_values)];
    if (!(start >= 4 && size >= 0 && start + size <= file.size))
      throw failure(file, start, `its column "${meta.path_in_schema}" is said to lie outside of it`);
    return [{ start, size, values, full: Number(meta.total_uncompressed_size), path: meta.path_in_schema }];
  });
}

/**
 * @param names top-level columns
 * @returns each column's values in pieces, in order: numbers, or lists of them
 * @throws DataError when the pages are damaged, or the group is too large to decode at once
 */
export async function readGroup(
  file: OpenFile,
  metadata: FileMetaData,
  group: RowGroup,
  names: readonly string[],
): Promise<ColumnData[]> {
  const chunks = chunksOf(file, group, names);
  const full = chunks.reduce((sum, chunk) => sum + Math.max(chunk.full, chunk.size), 0);
  if (full > MAX_GROUP)
    throw new DataError(
      `${file.path}: expected row groups of at most ${MAX_GROUP} bytes, because they are read one at a time, but the one at byte ${chunks[0]!.start} has ${full}; write the file with a smaller row_group_size.`,
      { path: file.path, offset: chunks[0]!.start, bytes: full },
    );
  for (const { start, size, values, path } of chunks) {
    const wrong = await typed(file, start, async () => wrongPages(await file.read(start, size), values));
    if (wrong) throw failure(file, start + wrong.at, `in its column "${path}" ${wrong.found}`);
  }
  const pieces: ColumnData[] = [];
  const one = { ...metadata, row_groups: [group], num_rows: group.num_rows };
  await typed(file, chunks[0]?.start ?? 0, () =>
    parquetRead({
      file: bufferOf(file),
      metadata: one,
      columns: [...names],
      compressors,
      geoparquet: false,
      onChunk: (piece) => void pieces.push(piece),
    }),
  );
  return pieces;
}
