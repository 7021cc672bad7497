/**
 * What a run's test pictures say of its rows, pair by pair: the differences that the paper's claims are about, each with an interval, and
 * Holm's adjustment over all that were asked together. "Best" goes by the accuracy on all classes, as in the findings.
 */
import { adjusted, compareGroups, compareMethods, type Difference, type GroupRule } from '@longtail/metrics';
import {
  bestRow,
  type Comparison,
  GROUPS,
  type Measured,
  type Row,
  rebalancedRows,
  referenceSampler,
  SCORE_COLUMNS,
  type ScoreColumn,
  samplersOf,
} from '@longtail/report/results';

export interface TestedRow {
  readonly row: Row;
  /** True class of each test picture, shape [N]. */
  readonly labels: Int32Array;
  /** Its predicted class, shape [N]. */
  readonly predictions: Int32Array;
}

interface Options {
  readonly groupRule: GroupRule;
  readonly seed: number;
}

type Found = Difference & { readonly first: Measured; readonly second: Measured };

const JOINT = 'joint';

const measured = ({ sampler, classifier }: Row, column: ScoreColumn): Measured => ({
  sampler,
  classifier,
  column,
});

const isSame = (a: Int32Array, b: Int32Array): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

function asked(question: string, found: readonly Found[]): Comparison[] {
  return adjusted(found).map(({ standardError, ...one }) => ({ question, ...one }));
}

/** What pairs of rows are compared by, of the same labels or not at all. */
function comparer(tested: readonly TestedRow[], trainCounts: readonly number[], options: Options) {
  const of = new Map(tested.map((one) => [one.row, one]));
  return (row: Row, other: Row, columns: readonly ScoreColumn[]): Found[] => {
    const [first, second] = [of.get(row)!, of.get(other)!];
    if (!isSame(first.labels, second.labels)) return [];
    const found = compareMethods(first.predictions, second.predictions, first.labels, trainCounts, options);
    return columns.flatMap((column) => {
      const ends = { first: measured(row, column), second: measured(other, column) };
      return found[column] ? [{ ...ends, ...found[column] }] : [];
    });
  };
}

/** The reference sampler's rows beside another's: classifier by classifier, best beside best, and its best beside the other's joint head. */
function samplerPairs(rows: readonly Row[], sampler: string, other: string): [Row, Row][] {
  const [own, others] = [sampler, other].map((name) => rows.filter((row) => row.sampler === name));
  const best = bestRow(rebalancedRows({ rows }, sampler));
  const rivals = [bestRow(rebalancedRows({ rows }, other)), others!.find((row) => row.classifier === JOINT)];
  const alike = own!.flatMap((row): [Row, Row][] =>
    others!.filter(({ classifier }) => classifier === row.classifier).map((rival) => [row, rival]),
  );
  const further = rivals.flatMap((rival): [Row, Row][] =>
    best && rival && rival.classifier !== best.classifier ? [[best, rival]] : [],
  );
  return [...alike, ...further];
}

/** The first and the last group that have test pictures. */
function headToTail(
  { row, labels, predictions }: TestedRow,
  trainCounts: readonly number[],
  options: Options,
): Found[] {
  const groups = GROUPS.filter((group) => row.scores[group] !== null);
  const [first, second] = [groups[0], groups.at(-1)];
  if (!first || !second || first === second) return [];
  const gap = compareGroups(predictions, labels, trainCounts, { ...options, first, second });
  return gap ? [{ ...gap, first: measured(row, first), second: measured(row, second) }] : [];
}

/**
 * @param tested a run's rows, a joint head among those of each sampler
 * @param trainCounts n_c, shape [C]
 * @returns of each sampler its classifiers to its joint head; of the instance-balanced sampler, or the first, its rows to the other
 *   samplers', and its joint head's head classes to its tail classes
 */
export function compareRows(
  tested: readonly TestedRow[],
  trainCounts: readonly number[],
  options: Options,
): Comparison[] {
  const rows = tested.map(({ row }) => row);
  const compare = comparer(tested, trainCounts, options);
  const samplers = samplersOf({ rows });
  const reference = referenceSampler({ rows })!;
  const classifiers = samplers.flatMap((sampler) => {
    const joint = rows.find((row) => row.sampler === sampler && row.classifier === JOINT);
    if (!joint) return []; // a baseline of that head goes by its own name
    const found = rebalancedRows({ rows }, sampler).flatMap((row) => compare(row, joint, SCORE_COLUMNS));
    return asked(`classifiers on ${sampler}`, found);
  });
  const beside = samplers
    .filter((sampler) => sampler !== reference)
    .flatMap((other) => samplerPairs(rows, reference, other))
    .flatMap(([row, other]) => compare(row, other, ['all']));
  const gaps = tested
    .filter(({ row }) => row.sampler === reference && row.classifier === JOINT)
    .flatMap((joint) => headToTail(joint, trainCounts, options));
  return [...classifiers, ...asked(`${reference} to other samplers`, beside), ...asked('head to tail', gaps)];
}
