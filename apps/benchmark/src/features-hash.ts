/** Which features a head rests on: SHA-256 over the values and labels of every split, whatever else their file says. */
import { createHash } from 'node:crypto';
import type { FeatureSets, Features } from './extract-features.ts';

/** A hash takes less than 2 GiB at a time. */
const CHUNK = 2 ** 30;

export function featuresHash(sets: FeatureSets): string {
  const hash = createHash('sha256');
  const update = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): void => {
    for (let at = 0; at < byteLength; at += CHUNK)
      hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(CHUNK, byteLength - at)));
  };
  const all: Readonly<Record<string, Features | undefined>> = sets;
  for (const split of ['train', 'validation', 'test']) {
    const features = all[split];
    if (!features) continue;
    hash.update(`${split} ${features.labels.length} x ${features.featureDim}\n`);
    update(features.values);
    update(features.labels);
  }
  return `sha256 ${hash.digest('hex')}`;
}
