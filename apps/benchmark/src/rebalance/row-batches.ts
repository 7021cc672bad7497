/** Batches of rows, for heads that are learned: drawn class by class, or as they are. */
import { type FeatureBatches, sampledBatches } from '@longtail/heads';
import { classAware, instanceBalanced } from '@longtail/samplers';
import type { Rows } from './fit-context.ts';

/** A small set takes more epochs, until it has as many steps. */
const LEAST_STEPS = 200;

export interface BatchesOptions {
  readonly seed: number;
  /** At least. */
  readonly epochs: number;
  /** Default: 512, that of cRT. */
  readonly size?: number;
  /** Default: 'balanced'. */
  readonly drawn?: 'balanced' | 'as they are';
}

/** @param rows after their transform; not disposed here */
export function rowBatches(
  { features, labels }: Rows,
  { seed, epochs: least, size: wanted = 512, drawn = 'balanced' }: BatchesOptions,
): { batches: FeatureBatches; epochs: number } {
  const sampler = (drawn === 'balanced' ? classAware : instanceBalanced)(labels, { seed });
  const size = Math.min(wanted, sampler.length);
  const steps = Math.floor(sampler.length / size);
  return {
    epochs: Math.max(least, Math.ceil(LEAST_STEPS / steps)),
    batches: sampledBatches(features, labels, { sampler, batchSize: size }),
  };
}
