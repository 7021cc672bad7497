/**
 * Figure 2 (section 5.4): ||w_c|| of each head against the class's rank by training pictures, and accuracy over tau. The paper draws
 * the norms and prints no number of them: in the table is what its text says of the curves: the correlation of ||w_c|| with log n_c, and the mean norm
 * of the largest group over that of the smallest.
 */
import { normCountCorrelation } from '@longtail/metrics';
import { classifierName, GROUPS, type Results } from '@longtail/report/results';
import type { Column, Experiment, RowName } from '../experiment.ts';
import { AS_IT_IS } from './figure-1.ts';

const SAMPLER = 'instance-balanced';

function normsOf({ weightNorms = [] }: Results, { sampler, classifier }: RowName): readonly number[] {
  return weightNorms.find((one) => one.sampler === sampler && one.classifier === classifier)?.norms ?? [];
}

/** The mean norm of the largest group that has classes over that of the smallest. */
function headToTail(results: Results, row: RowName): number | null {
  const norms = normsOf(results, row);
  const groups = GROUPS.map((name) => results.dataset.groups[name]).filter(({ length }) => length > 0);
  const mean = (labels: readonly number[] = []): number =>
    labels.reduce((sum, label) => sum + (norms[label] ?? Number.NaN), 0) / labels.length;
  const ratio = mean(groups[0]) / mean(groups.at(-1));
  return Number.isFinite(ratio) ? ratio : null;
}

const COLUMNS: readonly Column[] = [
  {
    name: 'corr(‖w‖, log n)',
    isShare: false,
    of(results, row) {
      const norms = normsOf(results, row);
      if (norms.length === 0) return { value: null };
      return { value: normCountCorrelation(norms, results.dataset.trainCounts) };
    },
  },
  { name: 'head / tail ‖w‖', isShare: false, of: (...of) => ({ value: headToTail(...of) }) },
];

export const figure2: Experiment = {
  name: 'figure-2',
  title: 'Figure 2: weight norms from head to tail',
  question: "Do a joint head's norms follow the training counts, and what does each classifier do to them?",
  recipes: ['imagenet-lt-resnext-50'],
  samplers: [SAMPLER],
  variants: [AS_IT_IS],
  heads: ['classifier'],
  rows: ['joint', 'crt', 'tau', 'lws'].map((classifier) => ({
    labels: [classifierName(classifier)],
    variant: '',
    sampler: SAMPLER,
    classifier,
  })),
  columns: COLUMNS,
  published: () => undefined,
  figure: 'norms',
};
