/** The names that the command line and recipes know losses by; the path of a module that exports one works as well. */
import { resolve } from 'node:path';
import { shown, UsageError } from '@longtail/core';
import {
  balancedSoftmax,
  cdt,
  classBalanced,
  costSensitive,
  crossEntropy,
  drw,
  equalization,
  focal,
  gcl,
  grw,
  influenceBalanced,
  type Loss,
  labelAwareSmoothing,
  ladeCrossEntropy,
  ldam,
  logitAdjusted,
  weightedCrossEntropy,
} from '@longtail/losses';
import { didYouMean } from './did-you-mean.ts';
import { type COSINE_LOSSES, type LINEAR_LOSSES, lossNames } from './loss-names.ts';
import { importOwn, inModule, isOwnModule } from './own-module.ts';

/** @param counts n_c of the training images, shape [C] */
export type MakeLoss = (counts: Int32Array, options: { epochs: number; seed: number }) => Loss;

/** The epoch of 160 in 200, whatever the number of epochs is. */
const deferred = ({ epochs }: { epochs: number }) => ({ startEpoch: Math.floor(0.8 * epochs) });

const LINEAR: Readonly<Record<(typeof LINEAR_LOSSES)[number], MakeLoss>> = {
  'cross-entropy': () => crossEntropy(),
  'label-smoothing': () => crossEntropy({ smoothing: 0.1 }),
  'cost-sensitive': (counts) => costSensitive(counts),
  'class-balanced': (counts) => classBalanced(counts), // by the weights' sum, LDAM-DRW's
  'class-balanced-cui': (counts) => classBalanced(counts, { divisor: 'count' }),
  'class-balanced-sigmoid': (counts) => classBalanced(counts, { form: 'sigmoid' }),
  'class-balanced-focal': (counts) => classBalanced(counts, { form: 'focal' }),
  focal: () => focal(),
  'focal-sigmoid': () => focal({ form: 'sigmoid' }),
  drw: (counts, run) =>
    drw(counts, (weights) => (weights ? weightedCrossEntropy(weights) : crossEntropy()), deferred(run)),
  'balanced-softmax': (counts) => balancedSoftmax(counts),
  'logit-adjusted': (counts) => logitAdjusted(counts),
  lade: (counts) => ladeCrossEntropy(counts),
  'label-aware-smoothing': (counts) => labelAwareSmoothing(counts),
  cdt: (counts) => cdt(counts),
  equalization: (counts, { seed }) => equalization(counts, { seed }),
  'equalization-sigmoid': (counts) => equalization(counts, { form: 'sigmoid' }),
  'influence-balanced': (counts, { epochs }) =>
    influenceBalanced(counts, { startEpoch: Math.floor(0.5 * epochs) }),
  grw: (counts) => grw(counts),
};

const COSINE: Readonly<Record<(typeof COSINE_LOSSES)[number], MakeLoss>> = {
  ldam: (counts) => ldam(counts),
  'ldam-drw': (counts, run) => drw(counts, (weights) => ldam(counts, { weights }), deferred(run)),
  gcl: (counts, { seed }) => gcl(counts, { seed }),
};

/** What a module that is a loss exports. */
export interface LossModule {
  readonly default: MakeLoss;
  /** What the joint head gives it; 'linear' if nothing is said. */
  readonly logits?: 'linear' | 'cosine';
}

/** A name as it is, a module's path as an absolute one: what a run keeps. */
export const lossKey = (name: string): string => (lossNames.includes(name) ? name : resolve(name));

const known = (table: Readonly<Record<string, MakeLoss>>, name: string): MakeLoss | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** @throws UsageError naming the file, where it throws or gives something else */
const ownLoss =
  (path: string, make: MakeLoss): MakeLoss =>
  (counts, options) => {
    const loss = inModule(path, 'making the loss of', () => make(counts, options));
    if (typeof loss !== 'function')
      throw new UsageError(
        `expected the default export of ${path} to return a loss ((logits, labels) => scalar), but it gave ${shown(loss)}.`,
      );
    return (...args) => {
      const value = inModule(path, 'the loss of', () => loss(...args));
      if (value?.rank === 0) return value;
      throw new UsageError(
        `expected the loss of ${path} to be a scalar tensor, but it gave ${value?.shape ? `one of shape [${value.shape}]` : shown(value)}.`,
      );
    };
  };

/** @throws UsageError when it is neither a name nor a module with a function as its default export */
export async function findLoss(name: string): Promise<Required<LossModule>> {
  const [linear, cosine] = [known(LINEAR, name), known(COSINE, name)];
  if (linear) return { default: linear, logits: 'linear' };
  if (cosine) return { default: cosine, logits: 'cosine' };
  if (!isOwnModule(name))
    throw new UsageError(
      `a loss is one of ${lossNames.join(', ')}, or the path of a module, but got "${name}"${didYouMean(name, lossNames)}`,
    );
  const { default: make, logits = 'linear' } = await importOwn<LossModule>(name, {
    expected: 'a function (counts, { epochs, seed }) => loss',
    fits: (exported: unknown) => typeof exported === 'function',
  });
  if (logits !== 'linear' && logits !== 'cosine')
    throw new UsageError(`expected logits of ${name} to be linear or cosine, but it is ${shown(logits)}.`);
  return { default: ownLoss(name, make), logits };
}
