/** Heads that are learned anew, by SGD: cRT on class-balanced draws, others by a loss that knows the classes' counts. */

import { InputError } from '@longtail/core';
import {
  centre,
  cosineHead,
  type FeatureTransform,
  type Head,
  type HeadLoss,
  l2,
  linearHead,
  tailCalib,
  trainHead,
  transformed,
  tukey,
} from '@longtail/heads';
import {
  balancedSoftmax,
  classBalanced,
  crossEntropy,
  drw,
  focal,
  ldam,
  logitAdjusted,
} from '@longtail/losses';
import type * as tf from '@tensorflow/tfjs-core';
import type { Rows, Settings } from '../fit-context.ts';
import { type BatchesOptions, rowBatches } from '../row-batches.ts';
import { shortLength, steadyLength } from '../steady-length.ts';
import type { Made, Recipe, Task } from './recipe.ts';

/** cRT's, which all have here: 10 epochs of batches of 512. */
const RATE = 0.2;
const EPOCHS = 10;

interface Learning {
  readonly head: Head;
  readonly loss?: (epochs: number) => HeadLoss;
  readonly drawn: NonNullable<BatchesOptions['drawn']>;
}

/** @param rows their features are disposed here */
async function learned(
  { seed, signal, onEpoch }: Task,
  { features, labels }: { features: tf.Tensor2D; labels: Int32Array },
  { head, loss, drawn }: Learning,
): Promise<Pick<Made, 'head' | 'used'>> {
  try {
    const { batches, epochs } = rowBatches({ features, labels }, { seed, epochs: EPOCHS, drawn });
    await trainHead(head, batches, {
      epochs,
      learningRate: RATE,
      ...{ signal, onEpoch },
      ...(loss && { loss: loss(epochs) }),
    });
    return { head, used: { epochs } };
  } catch (error) {
    head.dispose();
    throw error;
  } finally {
    features.dispose();
  }
}

const SCHEDULE = { epochs: EPOCHS, rate: RATE };

const newLinear = ({ dim, numClasses, seed }: Task, name: string): Head =>
  linearHead({ featureDim: dim, numClasses, seed, name });

/**
 * `steady`: by the rows' directions. `short`: whatever they are, where rows are drawn more often than others, or weigh more: a head that
 * comes nearer to the minimum of those fits the few rows of rare classes.
 */
type Length = 'steady' | 'short';

/** @param unit makes features of norm 1 @returns features to be disposed */
function stretched(
  { features, labels }: Rows,
  unit: FeatureTransform,
  { length, seed }: { length: Length; seed: number },
): { rows: Rows; transform: FeatureTransform } {
  const rows = transformed(features, unit);
  try {
    const factor = length === 'steady' ? steadyLength(rows, { rate: RATE, seed }) : shortLength(RATE);
    const long = { kind: 'divide', values: new Float32Array(rows.shape[1]).fill(1 / factor) } as const;
    return { rows: { labels, features: transformed(rows, [long]) }, transform: [...unit, long] };
  } finally {
    rows.dispose();
  }
}

async function linear(
  task: Task,
  { name, length, ...how }: Omit<Learning, 'head'> & { readonly name: string; readonly length: Length },
): Promise<Made> {
  const unit = [...centre(task.features), ...l2()];
  const { rows, transform } = stretched(task, unit, { length, seed: task.seed });
  const made = await learned(task, rows, { ...how, head: newLinear(task, name) });
  return { ...made, transform };
}

/** Kang et al. (ICLR 2020), section 4.1. */
export const CRT: Recipe = {
  defaults: SCHEDULE,
  make: (task) => linear(task, { name: 'crt', drawn: 'balanced', length: 'short' }),
};

/** A linear head by a loss, on rows as they are. */
const byLoss = (
  name: string,
  loss: (counts: Int32Array, settings: Settings) => HeadLoss,
  {
    defaults = {},
    grid,
    length = 'steady',
  }: { defaults?: Settings; grid?: readonly Settings[]; length?: Length } = {},
): Recipe => ({
  defaults: { ...defaults, ...SCHEDULE },
  ...(grid && { grid: grid.map((one) => ({ ...one, ...SCHEDULE })) }),
  make: (task, settings) =>
    linear(task, { name, drawn: 'as they are', length, loss: () => loss(task.counts, settings) }),
});

export const BALANCED_SOFTMAX: Recipe = byLoss('balanced-softmax', (counts) => balancedSoftmax(counts));

/** tau = 1: Menon et al. (ICLR 2021), section 4.2; it is then balanced softmax. */
export const LOGIT_ADJUSTED: Recipe = byLoss(
  'logit-adjusted',
  (counts, { tau }) => logitAdjusted(counts, { tau: tau! }),
  { defaults: { tau: 1 }, grid: [0.5, 1, 1.5, 2].map((tau) => ({ tau })) },
);

/** beta = 0.9999: Cui et al. (CVPR 2019), section 5, of long-tailed CIFAR. */
export const CLASS_BALANCED: Recipe = byLoss(
  'class-balanced',
  (counts, { beta }) => classBalanced(counts, { beta: beta! }),
  {
    ...{ defaults: { beta: 0.9999 }, grid: [0.9, 0.99, 0.999, 0.9999].map((beta) => ({ beta })) },
    length: 'short',
  },
);

/** gamma = 2: Lin et al. (ICCV 2017), section 3.2. */
export const FOCAL: Recipe = byLoss('focal', (_, { gamma }) => focal({ gamma: gamma! }), {
  ...{ defaults: { gamma: 2 }, grid: [0.5, 1, 2].map((gamma) => ({ gamma })) },
});

/** Rows of norm 1 come from the transform, once, and not from the head at each step. */
async function cosines(
  task: Task,
  { name, scale, loss }: { name: string; scale: number; loss: NonNullable<Learning['loss']> },
): Promise<Made> {
  const transform = [...centre(task.features), ...l2()];
  const rows = { labels: task.labels, features: transformed(task.features, transform) };
  const { dim, numClasses, seed } = task;
  const head = cosineHead({ featureDim: dim, numClasses, seed, name, scale, features: 'raw' });
  const made = await learned(task, rows, { head, drawn: 'as they are', loss });
  return { ...made, transform };
}

/** Scale 25: LIFT (Shi et al., ICML 2024), by its logit-adjusted loss. */
export const COSINE: Recipe = {
  defaults: { scale: 25, ...SCHEDULE },
  grid: [5, 10, 25].map((scale) => ({ scale, ...SCHEDULE })),
  make: (task, { scale }) =>
    cosines(task, { name: 'cosine', scale: scale!, loss: () => logitAdjusted(task.counts) }),
};

/** Margin 0.5, s = 30, re-weighted for the last fifth: LDAM-DRW (Cao et al., NeurIPS 2019), whose logits are cosines without s. */
export const LDAM: Recipe = {
  defaults: { margin: 0.5, scale: 30, ...SCHEDULE, temperature: 1 / 30 },
  make: (task, { margin, scale }) => {
    const loss = (epochs: number) =>
      drw(task.counts, (weights) => ldam(task.counts, { maxMargin: margin!, scale: scale!, weights }), {
        startEpoch: Math.floor(0.8 * epochs),
      });
    return cosines(task, { name: 'ldam', scale: 1, loss });
  },
};

/** 1 GiB. */
const MOST_DRAWN = 2 ** 28;

/** k = 2, p = 0.9: Vigneswaran et al. (ICVGIP 2021); then a linear head by cross-entropy on all rows. */
export const TAIL_CALIB: Recipe = {
  defaults: { k: 2, power: 0.9, ...SCHEDULE },
  grid: [1, 2, 3].map((k) => ({ k, power: 0.9, ...SCHEDULE })),
  async make(task, { k, power }) {
    const { features, labels, numClasses, dim, seed, counts } = task;
    const values = counts.reduce((most, n) => Math.max(most, n), 0) * numClasses * dim;
    if (values > MOST_DRAWN)
      throw new InputError(
        `tail-calib fills every class up to the largest, here ${values} numbers, but takes no more than ${MOST_DRAWN}; leave it out.`,
      );
    const unit = transformed(features, l2());
    try {
      const filled = tailCalib(unit, labels, { numClasses, seed, neighbours: k!, power: power! });
      const { rows, transform: after } = stretched(filled, l2(), { length: 'steady', seed });
      filled.features.dispose();
      const head = newLinear(task, 'tail-calib');
      const made = await learned(task, rows, { head, drawn: 'as they are', loss: () => crossEntropy() });
      return { ...made, transform: [...l2(), ...tukey({ power: power! }), ...after] };
    } finally {
      unit.dispose();
    }
  },
};
