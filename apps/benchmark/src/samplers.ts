/** The names that the command line and recipes know samplers by; the path of a module that exports one works as well. */
import { basename, resolve } from 'node:path';
import { shown, UsageError } from '@longtail/core';
import {
  capped,
  classAware,
  classBalanced,
  deferred,
  effectiveNumber,
  instanceBalanced,
  inverseFrequency,
  mixed,
  powerLaw,
  progressivelyBalanced,
  reversed,
  type Sampler,
  squareRoot,
} from '@longtail/samplers';
import { didYouMean } from './did-you-mean.ts';
import { importOwn, inModule, isOwnModule, withoutEnding } from './own-module.ts';

/** What a module's default export must be. */
export type MakeSampler = (labels: Int32Array, options: { seed: number; epochs: number }) => Sampler;

/** LDAM's schedule re-balances the last fifth: from epoch 160 of 200. */
const lastFifth = (epochs: number): number => Math.floor(0.8 * epochs);

const SAMPLERS: Readonly<Record<string, MakeSampler>> = {
  'instance-balanced': instanceBalanced,
  'class-balanced': classBalanced,
  'square-root': squareRoot,
  'power-law': (labels, options) => powerLaw(labels, { q: 0.25, ...options }),
  'progressively-balanced': progressivelyBalanced,
  'progressively-balanced-official': (labels, options) =>
    progressivelyBalanced(labels, { schedule: 'official', images: 'cycled', ...options }),
  mixed: (labels, { seed, epochs }) => mixed(labels, { seed, switchEpoch: lastFifth(epochs) }),
  'class-aware': classAware,
  'inverse-frequency': inverseFrequency,
  'effective-number': effectiveNumber,
  reversed,
  /** At most as many as a many-shot class has at least. */
  capped: (labels, options) => capped(labels, { cap: 100, ...options }),
  deferred: (labels, { seed, epochs }) => deferred(labels, { seed, switchEpoch: lastFifth(epochs) }),
};

export const knownSamplers: readonly string[] = Object.keys(SAMPLERS);

/** What a sampler is called in tables, and its folder in a run: its name, or its module's without folder and ending. */
export const samplerLabel = (name: string): string => basename(withoutEnding(name));

/** The labels of a run's samplers, also of one whose module is no longer there. */
export const samplerLabels = (list: string): string[] =>
  list.split(',').map((name) => samplerLabel(name.trim()));

function resolved(name: string): string {
  if (Object.hasOwn(SAMPLERS, name)) return name;
  if (isOwnModule(name)) return resolve(name);
  throw new UsageError(
    `a sampler is one of ${knownSamplers.join(', ')}, or the path of a module, but got "${name}"${didYouMean(name, knownSamplers)}`,
  );
}

/**
 * @param list comma-separated
 * @returns names, and whole paths of modules
 * @throws UsageError when one is neither a name nor a module's path, or two would have one folder in a run
 */
export function samplerNames(list: string): string[] {
  const names = list.split(',').map((name) => resolved(name.trim()));
  const labels = samplerLabels(list);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined)
    throw new UsageError(`each sampler must have a name of its own, but "${twice}" is there twice.`);
  return names;
}

/** @throws UsageError naming the file that gave something else */
function expectSampler(found: Sampler, path: string): void {
  const { name, length, indices } = Object(found) as Partial<Sampler>;
  if (typeof name === 'string' && Number.isSafeInteger(length) && typeof indices === 'function') return;
  throw new UsageError(
    `expected the default export of ${path} to return a sampler ({ name, length, indices }), but it gave ${shown(found)}.`,
  );
}

/**
 * @param name as of samplerNames
 * @throws UsageError when a module's default export is not a function
 */
export async function findSampler(name: string): Promise<MakeSampler> {
  const known = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (known) return known;
  const { default: make } = await importOwn<{ default: MakeSampler }>(name, {
    expected: '(labels, { seed, epochs }) => sampler',
    fits: (exported: unknown) => typeof exported === 'function',
  });
  return (labels, options) => {
    const sampler = inModule(name, 'making the sampler of', () => make(labels, options));
    expectSampler(sampler, name);
    const indices = (epoch: number) => inModule(name, 'drawing by', () => sampler.indices(epoch));
    return { name: `${sampler.name} of ${name}`, length: sampler.length, indices };
  };
}
