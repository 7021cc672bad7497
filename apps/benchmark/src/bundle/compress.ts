/** An archive's compression by its name's end. `tar xJf` of any age reads xz, which makes the smallest. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { DataError, UsageError } from '@longtail/core';

type Pieces = AsyncIterable<Uint8Array>;

/**
 * In blocks of one size, by whatever number of threads of more than one: the bytes are the same. The filter is for machine code,
 * most of which is Node. One block and the largest dictionary take 2 % off, for several times the minutes.
 */
const XZ = ['--stdout', '--threads=6', '--block-size=32MiB', '--check=crc64', '--x86', '--lzma2=preset=7'];

interface Compression {
  readonly ending: string;
  /** How it is unpacked. */
  readonly command: string;
  readonly of: (pieces: Pieces) => Pieces;
}

const COMPRESSIONS: readonly Compression[] = [
  { ending: '.tar.xz', command: 'tar xJf', of: throughXz },
  {
    ending: '.tar.zst',
    command: 'tar --zstd -xf',
    of: (pieces) =>
      Readable.from(pieces).compose(
        createZstdCompress({
          params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: 27 },
        }),
      ),
  },
  {
    ending: '.tar.gz',
    command: 'tar xzf',
    of: (pieces) => Readable.from(pieces).compose(createGzip({ level: 9 })),
  },
  { ending: '.tar', command: 'tar xf', of: (pieces) => pieces },
];

/** @throws UsageError for another ending; DataError where xz is not installed */
export function compressionOf(path: string): Compression {
  const found = COMPRESSIONS.find(({ ending }) => path.endsWith(ending));
  if (!found)
    throw new UsageError(
      `the archive's name must end in ${COMPRESSIONS.map(({ ending }) => ending).join(', ')}, but it is ${path}.`,
    );
  if (found.of === throughXz && spawnSync('xz', ['--version']).error)
    throw new DataError(
      'expected the program xz for a .tar.xz, but there is none on the PATH; install it (on Debian: apt install xz-utils), or let the name end in .tar.gz, which is half as large again.',
    );
  return found;
}

async function* throughXz(pieces: Pieces): Pieces {
  const xz = spawn('xz', XZ, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  xz.stderr.on('data', (text) => (said += text));
  const ended = once(xz, 'close') as Promise<[number | null]>;
  const written = pipeline(Readable.from(pieces), xz.stdin).catch((error) => {
    xz.kill();
    return error as Error;
  });
  try {
    yield* xz.stdout as Pieces;
    const [error, [code]] = await Promise.all([written, ended]);
    if (error && code === null) throw error;
    if (code !== 0) throw new DataError(`expected xz to compress, but it ended with ${code}: ${said.trim()}`);
  } finally {
    xz.kill();
  }
}
