/** Made-up results with every part that a page can have, of any number of classes. */
import type { Results, Row } from '../src/results.ts';
import { MADE_UP_COUNTS, madeUpResults, madeUpRow } from '../src/testing.ts';

const ROWS: readonly Row[] = ['instance-balanced', 'class-balanced'].flatMap((sampler) =>
  ['joint', 'ncm', 'crt', 'tau', 'lws'].map((classifier) =>
    madeUpRow(sampler, classifier, classifier === 'joint' ? [0.9, 0.5, 0.1] : [0.85, 0.7, 0.5]),
  ),
);

const withIntervals = (row: Row): Row => ({
  ...row,
  scores: { ...row.scores, intervals: { all: [0.4, 0.75], few: [0.05, 0.6] } },
});

const named = ({ sampler, classifier }: Row) => ({ sampler, classifier });
const RGB = btoa('abc'.repeat(4));

/** n_c falling from 1000 to 4. */
const counts = (numClasses: number): number[] =>
  Array.from({ length: numClasses }, (_, c) => Math.round(1000 * 0.004 ** (c / (numClasses - 1))));

function groupsOf(trainCounts: readonly number[]): Results['dataset']['groups'] {
  const labels = (holds: (count: number) => boolean) =>
    trainCounts.flatMap((count, label) => (holds(count) ? [label] : []));
  return {
    many: labels((count) => count > 100),
    medium: labels((count) => count >= 20 && count <= 100),
    few: labels((count) => count < 20),
  };
}

/** Of nine classes, and more where they are asked for. */
export function wholeResults({ numClasses = 9 }: { numClasses?: number } = {}): Results {
  const trainCounts = numClasses === 9 ? MADE_UP_COUNTS : counts(numClasses);
  const groups = groupsOf(trainCounts);
  const perClass = trainCounts.map((count, c) => ((count + 37 * c) % 101) / 100);
  const rows = ROWS.map(withIntervals).map((row) => ({ ...row, scores: { ...row.scores, perClass } }));
  const results = madeUpResults(rows, {
    name: 'imagenet-lt/train',
    classNames: trainCounts.map((_, c) => `class ${c}`),
    trainCounts,
    groups,
  });
  const few = groups.few[0]!;
  return {
    ...results,
    weightNorms: results.weightNorms!.map((head) => ({ ...head, norms: trainCounts.map(Math.log) })),
    tauCurves: results.tauCurves!.map(({ sampler, points }) => ({
      sampler,
      points: points.map((point) => ({ ...point, selection: 0.5 + point.tau / 10 })),
    })),
    testCounts: trainCounts.map(() => 20),
    confusions: rows.map((row) => ({
      ...named(row),
      groups: (['many', 'medium', 'few'] as const).map((group) => ({
        group,
        right: 30,
        wrong: { many: 50, medium: 15, few: 5 },
      })),
      pairs: [{ truth: few, prediction: 0, count: 12, share: 0.6 }],
    })),
    reliability: rows.flatMap((row) =>
      (['few', 'all'] as const).map((group) => ({
        ...named(row),
        group,
        ece: 0.125,
        bins: [
          { from: 0, to: 0.5, count: 0, accuracy: null, confidence: null },
          { from: 0.5, to: 1, count: 20, accuracy: 0.6, confidence: 0.8 },
        ],
      })),
    ),
    answers: [few, few].map((label, i) => ({
      label,
      height: 2,
      width: 2,
      rgb: RGB,
      answers: rows.map((row) => ({
        ...named(row),
        prediction: i === 0 && row.classifier === 'joint' ? 0 : label,
      })),
    })),
    comparisons: (['few', 'all'] as const).map((column, i) => ({
      question: 'classifiers on instance-balanced',
      first: { sampler: 'instance-balanced', classifier: 'crt', column },
      second: { sampler: 'instance-balanced', classifier: 'joint', column },
      difference: 0.4 - i / 4,
      low: 0.3 - i / 2,
      high: 0.5,
      p: 0.0001 + i / 2,
      adjusted: 0.0002 + i / 2,
      verdict: i === 0 ? 'better' : 'undecided',
      detectable: 0.05,
    })),
    selectionSize: 720,
    hashes: { 'features, instance-balanced': 'sha256 0123abcd' },
    made: [
      {
        date: '2026-01-02T03:04:05.000Z',
        command: 'longtail run made-up',
        longtail: '1.2.3, commit 0123456789ab',
        node: 'v26.0.0',
        engine: { backend: 'torch', device: 'cpu', version: '2.15.0' },
        threads: 2,
        cpu: 'A processor x 2',
        pictures: { train: 'aa'.repeat(32), test: 'bb'.repeat(32) },
      },
    ],
  };
}
