/**
 * Heads that begin from a linear one: the backbone's own where it is given, else plain logistic regression. Rates, epochs and batches are
 * those of each paper's code; where features are long the rate is lowered until descent is steady.
 */

import type { FeatureBatches } from '@longtail/heads';
import {
  disAlign,
  type Head,
  type HeadLoss,
  labelOverSmooth,
  lws,
  marc,
  maxNorm,
  mislas,
  type TrainHeadOptions,
  tauExperts,
  tde,
} from '@longtail/heads';
import { classBalanced, grw, labelAwareSmoothing, logitAdjusted } from '@longtail/losses';
import { type BatchesOptions, rowBatches } from '../row-batches.ts';
import { steadyRate } from '../steady-rate.ts';
import type { Made, Recipe, Task } from './recipe.ts';

interface Schedule extends Omit<BatchesOptions, 'seed'> {
  readonly rate: number;
  /** What is learned. */
  readonly of: 'scales' | 'weights' | 'unit weights';
}

type Learn = (
  base: Head,
  batches: FeatureBatches,
  options: Required<Pick<TrainHeadOptions, 'epochs' | 'learningRate' | 'onEpoch'>> &
    Pick<TrainHeadOptions, 'signal'>,
) => Promise<Head>;

async function learn(task: Task, { rate, of, ...draws }: Schedule, by: Learn): Promise<Made> {
  const { seed, signal, onEpoch } = task;
  const base = await task.base();
  const learningRate = of === 'unit weights' ? rate : steadyRate(rate, { task, base, of });
  const { batches, epochs } = rowBatches(task, { ...draws, seed });
  const head = await by(base, batches, { epochs, learningRate, signal, onEpoch });
  return { head, used: { epochs, rate: learningRate } };
}

const settingsOf = ({ rate, epochs }: Schedule) => ({ epochs, rate });

/** Kang et al. (ICLR 2020), section 4.4: 5 epochs, rate 0.2, batches of 512, drawn class by class. */
const LWS_SCHEDULE: Schedule = { epochs: 5, rate: 0.2, of: 'scales' };
export const LWS: Recipe = {
  defaults: settingsOf(LWS_SCHEDULE),
  make: (task) => learn(task, LWS_SCHEDULE, lws),
};

/** rho = 1.2 of the re-weighted loss: the code of DisAlign, and of MARC. */
const reweighted = ({ counts }: Task, rho: number): HeadLoss => grw(counts, { rho });

const DIS_ALIGN_SCHEDULE: Schedule = { epochs: 10, rate: 0.1, size: 256, drawn: 'as they are', of: 'scales' };
export const DIS_ALIGN: Recipe = {
  defaults: { rho: 1.2, ...settingsOf(DIS_ALIGN_SCHEDULE) },
  make: (task, { rho }) =>
    learn(task, DIS_ALIGN_SCHEDULE, (base, batches, options) =>
      disAlign(base, batches, { ...options, loss: reweighted(task, rho!) }),
    ),
};

const MARC_SCHEDULE: Schedule = { ...DIS_ALIGN_SCHEDULE, rate: 0.05 };
export const MARC: Recipe = {
  defaults: { rho: 1.2, ...settingsOf(MARC_SCHEDULE) },
  make: (task, { rho }) =>
    learn(task, MARC_SCHEDULE, (base, batches, options) =>
      marc(base, batches, { ...options, loss: reweighted(task, rho!) }),
    ),
};

/** Smoothing 0.3 and 0: Zhong et al. (CVPR 2021), of ImageNet-LT. */
const MISLAS_SCHEDULE: Schedule = { epochs: 10, rate: 0.1, size: 256, of: 'scales' };
export const MISLAS: Recipe = {
  defaults: { head: 0.3, tail: 0, ...settingsOf(MISLAS_SCHEDULE) },
  make: (task, { head, tail }) =>
    learn(task, MISLAS_SCHEDULE, (base, batches, options) =>
      mislas(base, batches, {
        ...options,
        loss: labelAwareSmoothing(task.counts, { head: head!, tail: tail! }),
      }),
    ),
};

/** Smoothing 0.98: Sun et al. (ICLR 2025), for a hundred classes and more; of few it leaves next to nothing to learn from. */
const LOS_SCHEDULE: Schedule = { epochs: 20, rate: 5e-4, size: 64, drawn: 'as they are', of: 'weights' };
export const LOS: Recipe = {
  defaults: { smoothing: 0.98, ...settingsOf(LOS_SCHEDULE) },
  grid: [0.5, 0.9, 0.98].map((smoothing) => ({ smoothing, ...settingsOf(LOS_SCHEDULE) })),
  make: (task, { smoothing }) =>
    learn(task, LOS_SCHEDULE, (base, batches, options) =>
      labelOverSmooth(base, batches, { ...options, smoothing: smoothing! }),
    ),
};

/** Share 0.1 and decay 0.1: Alshammari et al. (CVPR 2022). */
const MAX_NORM_SCHEDULE: Schedule = { epochs: 10, rate: 0.01, size: 64, drawn: 'as they are', of: 'weights' };
export const MAX_NORM: Recipe = {
  defaults: { share: 0.1, decay: 0.1, ...settingsOf(MAX_NORM_SCHEDULE) },
  make: (task, { share, decay }) =>
    learn(task, MAX_NORM_SCHEDULE, (base, batches, options) =>
      maxNorm(base, batches, {
        ...{ ...options, share: share!, weightDecay: decay! },
        loss: classBalanced(task.counts),
      }),
    ),
};

/** alpha = 1: Tang et al. (NeurIPS 2020), the code's for CIFAR-10-LT. Its logits do not see how long features are. */
const TDE_SCHEDULE: Schedule = { epochs: 10, rate: 0.2, drawn: 'as they are', of: 'unit weights' };
export const TDE: Recipe = {
  defaults: { alpha: 1, ...settingsOf(TDE_SCHEDULE) },
  grid: [0, 0.5, 1, 1.5, 2, 3].map((alpha) => ({ alpha, ...settingsOf(TDE_SCHEDULE) })),
  make: (task, { alpha }) =>
    learn(task, TDE_SCHEDULE, (base, batches, options) =>
      tde(base, batches, { ...options, alpha: alpha!, parts: task.dim % 2 === 0 ? 2 : 1 }),
    ),
};

/** tau = 0, 1 and 2: Aimar et al. (CVPR 2023), whose experts are for the prior of the rows, an even one, and its inverse. */
const TAU_EXPERTS_SCHEDULE: Schedule = { epochs: 10, rate: 0.2, drawn: 'as they are', of: 'weights' };
export const TAU_EXPERTS: Recipe = {
  defaults: settingsOf(TAU_EXPERTS_SCHEDULE),
  make: (task) =>
    learn(task, TAU_EXPERTS_SCHEDULE, (base, batches, options) =>
      tauExperts(base, batches, { ...options, lossAt: (tau) => logitAdjusted(task.counts, { tau }) }),
    ),
};
