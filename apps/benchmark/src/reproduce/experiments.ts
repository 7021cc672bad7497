/** The paper's experiments by name. */
import { UsageError } from '@longtail/core';
import { didYouMean } from '../did-you-mean.ts';
import type { Experiment } from './experiment.ts';
import { tableImageNet, tableINaturalist, tablePlaces } from './experiments/classifier-tables.ts';
import { figure1 } from './experiments/figure-1.ts';
import { figure2 } from './experiments/figure-2.ts';
import { table1 } from './experiments/table-1.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  figure1,
  figure2,
  table1,
  tableImageNet,
  tablePlaces,
  tableINaturalist,
];

/** @throws UsageError for a name that there is not */
export function findExperiment(name: string): Experiment {
  const found = EXPERIMENTS.find((one) => one.name === name);
  if (found) return found;
  const names = EXPERIMENTS.map((one) => one.name);
  throw new UsageError(
    `an experiment is one of ${names.join(', ')}, but got "${name}"${didYouMean(name, names)}`,
  );
}
