/** The heads of baselines with a second stage, on the features of the first. */
import type { FeatureBatches, Head, TrainHeadOptions } from '@longtail/heads';
import { maxNorm, mislas } from '@longtail/heads';
import { classBalanced, labelAwareSmoothing } from '@longtail/losses';
import { type BaselineName, headOfBaseline } from './baselines.ts';
import type { RecipeOptions } from './recipe-options.ts';

interface Learning {
  readonly options: RecipeOptions;
  /** n_c, shape [C]. */
  readonly counts: Int32Array;
  /** Class-balanced ones, and rows as they are. */
  readonly balanced: FeatureBatches;
  readonly natural: FeatureBatches;
  readonly learning: (name: string) => TrainHeadOptions;
}

type Make = (joint: Head, learning: Learning & { training: TrainHeadOptions }) => Promise<Head>;

/** Rates are for batches of another size, and go with it. */
const HEADS: Readonly<Partial<Record<BaselineName, Make>>> = {
  // cifar100_imb001_stage2_mislas: 10 epochs at 0.1, batch 128, a fifth of it for W and b, smoothing 0.4 to 0.1, decay 2e-4.
  mislas: (joint, { balanced, counts, training, options: { headBatchSize } }) =>
    mislas(joint, balanced, {
      ...training,
      learningRate: (0.1 * headBatchSize) / 128,
      headRate: 0.2,
      weightDecay: 2e-4,
      loss: labelAwareSmoothing(counts, { head: 0.4, tail: 0.1 }),
    }),
  // demo2_second-stage-training: 10 epochs at 0.01, batch 64, decay 0.1.
  'weight-balancing': (joint, { natural, counts, training, options: { headBatchSize } }) =>
    maxNorm(joint, natural, {
      ...training,
      learningRate: (0.01 * headBatchSize) / 64,
      weightDecay: 0.1,
      loss: classBalanced(counts),
    }),
};

/** @returns the head under the baseline's name, the caller's to dispose; undefined where the baseline has none */
export async function baselineHead(joint: Head, given: Learning): Promise<Head | undefined> {
  const name = headOfBaseline(given.options);
  const make = name && HEADS[name];
  if (!make) return undefined;
  const head = await make(joint, { ...given, training: given.learning(name) });
  return { ...head, name };
}
