/** Every format by its name: how its arrays or columns are found, and which extensions tell it. */
import { InputError } from '@longtail/core';
import { csvTable } from './csv/table.ts';
import { npyArray } from './npy/read.ts';
import { npzArrays } from './npz.ts';
import { parquetTable } from './parquet/table.ts';
import { pickledArrays } from './pickle/arrays.ts';
import { safetensorsArrays } from './safetensors/read.ts';
import { openSource, type Source, type SourceLike } from './source.ts';
import type { StoredArray } from './stored-array.ts';
import type { Nulls, Table } from './table.ts';
import { torchArrays } from './torch/read.ts';

export type Format = 'npy' | 'npz' | 'safetensors' | 'pickle' | 'torch' | 'csv' | 'tsv' | 'parquet';

export interface OpenOptions {
  /** Default: what the extension says; `.gz` behind it is fine. */
  format?: Format;
  /** Of bytes and Blobs, which have none: for messages, and for the extension. */
  name?: string;
  /** CSV and TSV: whether the first row holds names; default: what the first rows tell. */
  header?: boolean;
  /** CSV: default: of `,` `;` tab and `|` the one that splits the first rows alike. */
  delimiter?: string;
  /** CSV and Parquet: missing numbers are refused, or taken as NaN; default: refused. */
  nulls?: Nulls;
}

/** What a file holds: arrays of any shape, or columns of one length. */
export interface Contents {
  readonly arrays?: readonly StoredArray[];
  readonly table?: Table;
  readonly metadata?: Readonly<Record<string, string>>;
}
type Reader = (source: Source, options: OpenOptions) => Promise<Contents>;

const READERS: Readonly<Record<Format, Reader>> = {
  npy: async (source) => ({ arrays: [await npyArray(source)] }),
  npz: async (source) => ({ arrays: await npzArrays(source) }),
  safetensors: safetensorsArrays,
  pickle: async (source) => ({ arrays: await pickledArrays(source) }),
  torch: torchArrays,
  csv: async (source, options) => ({ table: await csvTable(source, options) }),
  tsv: async (source, options) => ({ table: await csvTable(source, { delimiter: '\t', ...options }) }),
  parquet: async (source, options) => ({ table: await parquetTable(source, options) }),
};

const EXTENSIONS: Readonly<Record<string, Format>> = {
  npy: 'npy',
  npz: 'npz',
  safetensors: 'safetensors',
  pkl: 'pickle',
  pickle: 'pickle',
  pth: 'torch',
  pt: 'torch',
  th: 'torch',
  ckpt: 'torch',
  tar: 'torch', // checkpoint.pth.tar is none
  bin: 'torch', // pytorch_model.bin
  csv: 'csv',
  tsv: 'tsv',
  parquet: 'parquet',
};

/** @throws InputError when nothing tells the format, or the one that is named is unknown */
function formatOf(path: string, format: string | undefined): Format {
  const [, extension = ''] = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, '')) ?? [];
  const found = format ?? (Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined);
  if (found !== undefined && Object.hasOwn(READERS, found)) return found as Format;
  throw new InputError(
    `${path}: expected a file whose name ends in ${Object.keys(EXTENSIONS)
      .map((name) => `.${name}`)
      .join(
        ', ',
      )}, but ${format === undefined ? 'it does not' : `the format "${format}" was named`}; name one of ${Object.keys(READERS).join(', ')} with \`format\`.`,
    { path, format },
  );
}

function pathOf(given: SourceLike, name: string | undefined): string {
  if (typeof given === 'string') return given;
  const { name: own, path } = (given ?? {}) as { name?: unknown; path?: unknown };
  return name ?? [own, path].find((text) => typeof text === 'string') ?? 'bytes';
}

/** Opens a source and finds what it holds; it stays open only if `use` succeeds. */
export async function withContents<T>(
  given: SourceLike,
  options: OpenOptions,
  use: (source: Source, contents: Contents, format: Format) => T | Promise<T>,
): Promise<T> {
  const path = pathOf(given, options.name);
  const format = formatOf(path, options.format);
  const source = await openSource(given, { name: path });
  try {
    return await use(source, await READERS[format](source, options), format);
  } catch (error) {
    await source.close();
    throw error;
  }
}
