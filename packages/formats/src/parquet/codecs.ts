/**
 * The compressions of Parquet (Compression.md): snappy and LZ4 here; gzip, zstd and brotli by Node's zlib where it is, else
 * by the web's DecompressionStream, whose brotli not every browser has, and zstd by fzstd.
 */
import { decompress } from 'fzstd';
import { lz4Block, lz4Hadoop } from './lz4.ts';
import { unsnapped } from './snappy.ts';

type Bytes = Uint8Array | undefined;
/** @returns the `full` bytes; anything else, or a throw, means that the input does not make these */
type Codec = (input: Uint8Array, full: number) => Bytes | Promise<Bytes>;

const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');

const HERE: Readonly<Record<string, Codec>> = { SNAPPY: unsnapped, LZ4_RAW: lz4Block, LZ4: lz4Hadoop };
const NODE: Readonly<Record<string, Codec>> = zlib
  ? {
      GZIP: (input, full) => zlib.gunzipSync(input, { maxOutputLength: full }),
      BROTLI: (input, full) => zlib.brotliDecompressSync(input, { maxOutputLength: full }),
      ZSTD: (input, full) => zlib.zstdDecompressSync(input, { maxOutputLength: full }),
    }
  : {};
export const WEB: Readonly<Record<string, Codec>> = {
  GZIP: (input, full) => streamed('gzip', input, full),
  BROTLI: (input, full) => streamed('brotli', input, full),
  ZSTD: unzstd,
};
const CODECS = { ...WEB, ...NODE, ...HERE };

/**
 * @param full how many bytes there must be
 * @param refuse the error for what is wrong; the caller knows the file and the place
 */
export async function decompressed(
  input: Uint8Array,
  codec: string,
  full: number,
  refuse: (found: string, cause?: unknown) => Error,
): Promise<Uint8Array> {
  if (codec === 'UNCOMPRESSED' || full === 0) return input;
  const decompress = Object.hasOwn(CODECS, codec) ? CODECS[codec] : undefined;
  if (!decompress)
    throw refuse(`is compressed by ${codec}; write it with zstd, snappy, gzip, brotli, lz4 or none`);
  let output: Bytes;
  try {
    output = await decompress(input, full);
  } catch (cause) {
    throw refuse(`does not decompress (${(cause as Error).message})`, cause);
  }
  if (output?.length !== full) throw refuse(`does not decompress to ${full} bytes`);
  return output;
}

/** fzstd fills what it is given and says nothing of what is left or does not fit: two ways to fill it before tell. */
function unzstd(input: Uint8Array, full: number): Bytes {
  const [output, other] = [0, 255].map((byte) => decompress(input, new Uint8Array(full + 1).fill(byte))) as [
    Uint8Array,
    Uint8Array,
  ];
  const isFull = output[full] === 0 && other[full] === 255 && output[full - 1] === other[full - 1];
  return isFull ? output.subarray(0, full) : undefined;
}

/** Stops when there is more than `full`. */
async function streamed(format: string, input: Uint8Array, full: number): Promise<Bytes> {
  const stream = openStream(format);
  const output = new Uint8Array(full);
  let filled = 0;
  for await (const piece of new Blob([new Uint8Array(input)]).stream().pipeThrough(stream)) {
    if (filled + piece.length > full) return undefined;
    output.set(piece, filled);
    filled += piece.length;
  }
  return filled === full ? output : undefined;
}

function openStream(format: string): DecompressionStream {
  try {
    return new DecompressionStream(format as CompressionFormat);
  } catch (cause) {
    throw new Error(`this browser has no ${format}; write the file with snappy or gzip`, { cause });
  }
}
