/** The names that the command line and recipes know samplers by. */
import { UsageError } from '@longtail/core';
import {
  classAware,
  classBalanced,
  instanceBalanced,
  progressivelyBalanced,
  type Sampler,
  squareRoot,
} from '@longtail/samplers';

type Make = (labels: Int32Array, options: { seed: number; epochs: number }) => Sampler;

export const SAMPLERS: Readonly<Record<string, Make>> = {
  'instance-balanced': instanceBalanced,
  'class-balanced': classBalanced,
  'square-root': squareRoot,
  'progressively-balanced': progressivelyBalanced,
  'class-aware': classAware,
};

/** @throws UsageError naming the samplers there are */
export function samplerNames(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(SAMPLERS, name));
  if (unknown !== undefined)
    throw new UsageError(`a sampler is one of ${Object.keys(SAMPLERS).join(', ')}, but got "${unknown}".`);
  return names;
}
