/** The names that the command line and recipes know losses by; the path of a module that exports one works as well. */
import { resolve } from 'node:path';
import { UsageError } from '@longtail/core';
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
import { importOwn, isOwnModule } from './own-module.ts';

/** @param counts n_c of the training images, shape [C] */
export type MakeLoss = (counts: Int32Array, options: { epochs: number; seed: number }) => Loss;

/** The epoch of 160 in 200, whatever the number of epochs is. */
const deferred = ({ epochs }: { epochs: number }) => ({ startEpoch: Math.floor(0.8 * epochs) });

/** Of a linear head. */
const LINEAR: Readonly<Record<string, MakeLoss>> = {
  'cross-entropy': () => crossEntropy(),
  'label-smoothing': () => crossEntropy({ smoothing: 0.1 }),
  'cost-sensitive': (counts) => costSensitive(counts),
  'class-balanced': (counts) => classBalanced(counts),
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

/** Of a head whose logits are cosines. */
const COSINE: Readonly<Record<string, MakeLoss>> = {
  ldam: (counts) => ldam(counts),
  'ldam-drw': (counts, run) => drw(counts, (weights) => ldam(counts, { weights }), deferred(run)),
  gcl: (counts, { seed }) => gcl(counts, { seed }),
};

export const lossNames: readonly string[] = [...Object.keys(LINEAR), ...Object.keys(COSINE)];

/** What a module that is a loss exports. */
export interface LossModule {
  readonly default: MakeLoss;
  /** What the joint head gives it; 'linear' if nothing is said. */
  readonly logits?: 'linear' | 'cosine';
}

/** A name as it is, a module's path as an absolute one: what a run keeps. */
export const lossKey = (name: string): string => (lossNames.includes(name) ? name : resolve(name));

/** @throws UsageError when it is neither a name nor a module with a function as its default export */
export async function findLoss(name: string): Promise<Required<LossModule>> {
  if (Object.hasOwn(LINEAR, name)) return { default: LINEAR[name]!, logits: 'linear' };
  if (Object.hasOwn(COSINE, name)) return { default: COSINE[name]!, logits: 'cosine' };
  if (!isOwnModule(name))
    throw new UsageError(
      `a loss is one of ${lossNames.join(', ')}, or the path of a module, but got "${name}".`,
    );
  const found = await importOwn<LossModule>(name);
  if (typeof found.default !== 'function')
    throw new UsageError(
      `expected a function (counts, { epochs, seed }) => loss as the default export of ${name}, but it has none.`,
    );
  return { default: found.default, logits: found.logits ?? 'linear' };
}
