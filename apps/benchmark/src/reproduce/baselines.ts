/** A table with what the methods are compared with: for each baseline a run of its own, by `--set baseline=NAME`, and a row. */
import { UsageError } from '@longtail/core';
import { classifierName } from '@longtail/report/results';
import { BASELINE_NAMES, BASELINES, type BaselineName } from '../baselines.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { Experiment } from './experiment.ts';

const ALL = BASELINE_NAMES.filter((name) => name !== 'none');

function baseline(name: string): BaselineName {
  const found = ALL.find((one) => one === name);
  if (found) return found;
  throw new UsageError(
    `--baselines takes some of ${ALL.join(', ')}, but got "${name}"${didYouMean(name, ALL)}`,
  );
}

/**
 * @param asked names, or true for all
 * @throws UsageError for a name that there is not, or an experiment that is no table of classifiers
 */
export function withBaselines(experiment: Experiment, asked: true | readonly string[]): Experiment {
  const { name, heads, samplers, columns } = experiment;
  const [sampler] = samplers;
  if (heads.length > 1 || samplers.length > 1 || !columns.every(({ isShare }) => isShare))
    throw new UsageError(
      `--baselines are rows of a table of classifiers, but ${name} is none; leave it out.`,
    );
  const names = [...new Set(asked === true ? ALL : asked.map(baseline))];
  return {
    ...experiment,
    variants: [
      ...experiment.variants,
      ...names.map((one) => ({
        name: one,
        purpose: `the baseline ${one}: ${BASELINES[one].text}`,
        options: { baseline: one },
      })),
    ],
    rows: [
      ...experiment.rows,
      ...names.map((one) => ({
        labels: [classifierName(one)],
        variant: one,
        sampler: sampler!,
        classifier: one,
      })),
    ],
  };
}
