/**
 * What becomes of pictures: decoded whole, and by `batches` with a crop and with a resize. As a program, of one file in a
 * process of its own: node alone.ts FILE
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DataError } from '@longtail/core';
import {
  batches,
  centerCrop,
  compose,
  type Dataset,
  decode,
  resizeShortSide,
  type Transform,
} from '../src/index.ts';

export const TRANSFORMS: Readonly<Record<string, Transform>> = {
  cropped: centerCrop(24),
  resized: compose(resizeShortSide(8), centerCrop(8)),
};

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

export async function decodedDigest(file: string): Promise<string> {
  try {
    const { data, height, width } = await decode(readFileSync(file), { source: file });
    return `${height}x${width} ${digestOf(data)}`;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return 'refused';
  }
}

/** By file; a picture that is left out is refused. */
export async function preparedDigests(
  files: readonly string[],
  { transform, order, workers }: { transform: Transform; order: readonly number[]; workers: number },
): Promise<Set<string>[]> {
  const dataset: Dataset = {
    name: 'files',
    length: files.length,
    labels: Int32Array.from(files.keys()),
    classNames: [],
    read: (i) => decode(readFileSync(files[i]!), { source: files[i]! }),
    file: (i) => ({ path: files[i]! }),
  };
  const found = files.map(() => new Set<string>());
  const options = {
    batchSize: 5,
    transform,
    workers,
    onBadImage: 'skip',
    maxBadImages: order.length,
  } as const;
  for await (const { pixels, labels } of batches(dataset, order, options)) {
    const size = pixels.length / labels.length;
    for (const [i, label] of labels.entries())
      found[label]!.add(digestOf(pixels.subarray(i * size, (i + 1) * size)));
  }
  return found;
}

if (import.meta.main) {
  const [file] = process.argv.slice(2) as [string];
  const digests: Record<string, string> = { decoded: await decodedDigest(file) };
  for (const [name, transform] of Object.entries(TRANSFORMS)) {
    // Where no picture of an epoch can be decoded, it ends with the error.
    const found = await preparedDigests([file], { transform, order: [0], workers: 0 }).catch((error) => {
      if (!(error instanceof DataError)) throw error;
      return [new Set<string>()];
    });
    digests[name] = [...found[0]!].join() || 'refused';
  }
  console.log(JSON.stringify(digests));
}
