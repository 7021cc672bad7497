/** A thread that makes shards: reads, decodes, resizes and encodes pictures again. */
import { parentPort } from 'node:worker_threads';
import { random } from '@longtail/core';
import sharp from 'sharp';
import { asFailure, type Failure } from '../batches/messages.ts';
import { createFileReader, nameOf } from '../batches/read-file.ts';
import type { PictureFile } from '../dataset.ts';
import { openPicture } from '../decode.ts';
import { prepare } from '../transform.ts';
import { resizeShortSide } from '../transforms/resize.ts';
import { writeShard } from './shard.ts';

/** How the pictures of a pack are made. */
export interface PackShape {
  /** Short side, pixels. */
  readonly size: number;
  /** Of the JPEGs, 1..100. */
  readonly quality: number;
  readonly maxPixels: number;
  readonly orient: boolean;
}

export interface ShardJob extends PackShape {
  readonly path: string;
  readonly files: readonly (PictureFile | null)[];
  readonly key: Uint8Array;
  readonly onBadImage: 'fail' | 'skip';
}

/** The lengths of the pictures, and why some are left out. `error`: why there is no shard. */
export interface ShardAnswer {
  readonly lengths: Int32Array;
  readonly failures: readonly Failure[];
  readonly error?: Failure;
}

const reader = createFileReader();

/** A picture whose short side is no longer than `size` stays as it is, byte for byte. */
async function packed(
  file: PictureFile,
  { size, quality, maxPixels, orient }: PackShape,
): Promise<Uint8Array> {
  const bytes = reader.read(file).slice();
  const source = await openPicture(bytes, { source: nameOf(file), maxPixels, orient });
  if (Math.min(source.height, source.width) <= size) return bytes;
  const { data, height, width } = prepare(source, resizeShortSide(size).parts!, random(0));
  return sharp(data, { raw: { height, width, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

async function makeShard(job: ShardJob): Promise<ShardAnswer> {
  const pictures: Uint8Array[] = [];
  const failures: Failure[] = [];
  for (const [place, file] of job.files.entries())
    try {
      pictures.push(file ? await packed(file, job) : new Uint8Array(0));
    } catch (error) {
      if (job.onBadImage === 'fail') throw error;
      failures.push(asFailure(place, error));
      pictures.push(new Uint8Array(0));
    }
  await writeShard(job.path, pictures, Buffer.from(job.key));
  return { lengths: Int32Array.from(pictures, ({ length }) => length), failures };
}

parentPort!.on('message', async (job: ShardJob | 'close') => {
  if (job === 'close') return parentPort!.close();
  const answer = await makeShard(job).catch(
    (error): ShardAnswer => ({ lengths: new Int32Array(0), failures: [], error: asFailure(-1, error) }),
  );
  parentPort!.postMessage(answer);
});
