/** Made-up results, whole and valid, for tests of what is made of results. */
import {
  type Group,
  RESULTS_VERSION,
  type ReportedDataset,
  type Results,
  type Row,
  type Scores,
} from './results.ts';

/** n_c of nine classes: three of each group. */
export const MADE_UP_COUNTS: readonly number[] = [500, 300, 150, 60, 30, 25, 12, 8, 5];
const GROUPS: Readonly<Record<Group, readonly number[]>> = {
  many: [0, 1, 2],
  medium: [3, 4, 5],
  few: [6, 7, 8],
};

/** Scores where every class of a group is right in the group's share of as many test rows. */
function scoresOf([many, medium, few]: readonly [number, number, number]): Scores {
  const all = (many + medium + few) / 3;
  const perClass = MADE_UP_COUNTS.map((_, c) => [many, medium, few][Math.floor(c / 3)]!);
  return { all, many, medium, few, meanOfClasses: all, macroF1: all, groupRule: 'official', perClass };
}

/**
 * @param shares right answers of many-, medium- and few-shot classes, 0..1
 * @example
 * madeUpRow('instance-balanced', 'crt', [0.9, 0.6, 0.4]).scores.few; // 0.4
 */
export function madeUpRow(
  sampler: string,
  classifier: string,
  shares: readonly [number, number, number],
): Row {
  return { sampler, classifier, chosen: classifier === 'tau' ? { tau: 0.7 } : {}, scores: scoresOf(shares) };
}

/**
 * @param rows of `madeUpRow`
 * @param dataset what is otherwise of the set, such as `{ testSize: 90 }`
 */
export function madeUpResults(rows: readonly Row[], dataset: Partial<ReportedDataset> = {}): Results {
  const samplers = [...new Set(rows.map(({ sampler }) => sampler))];
  return {
    version: RESULTS_VERSION,
    name: 'made-up',
    recipe: 'made-up',
    seed: 0,
    command: 'longtail run made-up --set "a<b"',
    options: { epochs: 3, samplers: samplers.join() },
    engine: { backend: 'torch', device: 'cpu', version: '2.15.0' },
    protocol: {
      loss: 'cross-entropy',
      groupRule: 'official',
      selectionSplit: 'validation',
      epochRule: 'last',
      batchNorm: 'frozen',
      skipped: 3,
    },
    dataset: {
      name: 'made up',
      classNames: MADE_UP_COUNTS.map((_, c) => `<class> & "${c}"`),
      trainCounts: MADE_UP_COUNTS,
      groups: GROUPS,
      trainSize: 1090,
      testSize: 1800,
      samples: MADE_UP_COUNTS.map((_, label) => ({
        label,
        height: 2,
        width: 2,
        rgb: btoa(`${label}`.repeat(12)),
      })),
      ...dataset,
    },
    rows,
    history: samplers.flatMap((sampler) =>
      [1, 2, 3].map((epoch) => ({
        sampler,
        epoch,
        loss: 3 / epoch,
        learningRate: 0.1,
        trainAccuracy: epoch / 4,
        seconds: 1,
      })),
    ),
    tauCurves: samplers.map((sampler) => ({
      sampler,
      points: [0, 1].map((tau) => ({ tau, scores: rows[0]!.scores })),
    })),
    weightNorms: samplers.map((sampler) => ({
      sampler,
      classifier: 'joint',
      norms: MADE_UP_COUNTS.map(Math.log),
    })),
    seconds: 75,
  };
}
