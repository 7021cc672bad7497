/** Published tables rest on these very draws: a change of a stream must be meant. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  classAware,
  classBalanced,
  instanceBalanced,
  powerLaw,
  progressivelyBalanced,
  type Sampler,
  squareRoot,
} from '../src/index.ts';
import { cifarLabels } from './profiles.ts';

const LABELS = cifarLabels(10, 100);

/** The first 16 digits of the SHA-256 of seeds 0, 1, -5 at epochs 0, 1, 17, 29 (little-endian int32). */
function fingerprint(make: (seed: number) => Sampler): string {
  const hash = createHash('sha256');
  for (const seed of [0, 1, -5]) for (const epoch of [0, 1, 17, 29]) hash.update(make(seed).indices(epoch));
  return hash.digest('hex').slice(0, 16);
}

it.each<[string, (seed: number) => Sampler]>([
  ['baa851ff7c5875e0', (seed) => instanceBalanced(LABELS, { seed })],
  ['03334c82e3d7a630', (seed) => classBalanced(LABELS, { seed })],
  ['5d862443faf14d53', (seed) => squareRoot(LABELS, { seed })],
  ['9ec3fa75e928fd86', (seed) => powerLaw(LABELS, { q: 0.3, seed })],
  ['632cc318611090e9', (seed) => progressivelyBalanced(LABELS, { epochs: 30, seed })],
  ['42416afe1ded2389', (seed) => classBalanced(LABELS, { images: 'cycled', seed })],
  ['60e7ddf4e8343c5e', (seed) => classAware(LABELS, { seed })],
])('%s', (expected, make) => expect(fingerprint(make)).toBe(expected));
