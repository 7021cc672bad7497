/** Which features a head rests on: SHA-256 over the values and labels of every split, whatever else their file says. */
import { createHash } from 'node:crypto';
import type { FeatureSets, Features } from './extract-features.ts';
import { hashBytes } from './hash-bytes.ts';

export function featuresHash(sets: FeatureSets): string {
  const hash = createHash('sha256');
  const all: Readonly<Record<string, Features | undefined>> = sets;
  for (const split of ['train', 'validation', 'test']) {
    const features = all[split];
    if (!features) continue;
    hash.update(`${split} ${features.labels.length} x ${features.featureDim}\n`);
    hashBytes(hash, features.values);
    hashBytes(hash, features.labels);
  }
  return `sha256 ${hash.digest('hex')}`;
}
