/**
 * When is one accuracy clearly above another? Where the results hold their comparison on the same test pictures, that decides: its
 * p-value, adjusted over what was asked together. Of results without it the difference must exceed 1.96 sqrt(a(1 - a)/n + b(1 - b)/m), the
 * half of the 95 % interval of a difference between independent samples of n and m test pictures, which asks for more than pairs do. What
 * another seed would change is in neither: repeat the run for that.
 */
import { rankedClasses } from './classes.ts';
import type { Comparison, Results, Row } from './results.ts';
import type { ScoreColumn } from './selection.ts';

/** Test pictures behind a column, the test set taken as equally spread over the classes. */
function testPictures(results: Results, column: ScoreColumn): number {
  if (column === 'all') return results.dataset.testSize;
  const classes = rankedClasses(results);
  const share = classes.filter(({ group }) => group === column).length / classes.length;
  return results.dataset.testSize * (share || 1);
}

const CONFIDENCE = 1.96;

type Measured = readonly [row: Row, column: ScoreColumn];

type Sign = -1 | 0 | 1;

const SIGNS: Readonly<Record<Comparison['verdict'], Sign>> = { better: 1, undecided: 0, worse: -1 };
const opposite = (sign: Sign): Sign => (sign === 0 ? 0 : sign === 1 ? -1 : 1);

function isOf(end: Comparison['first'], [row, column]: Measured): boolean {
  return end.sampler === row.sampler && end.classifier === row.classifier && end.column === column;
}

/** The comparison that the results hold, and whether it is the other way round. */
function heldOf({ comparisons = [] }: Results, first: Measured, second: Measured) {
  const straight = comparisons.find((one) => isOf(one.first, first) && isOf(one.second, second));
  const turned = comparisons.find((one) => isOf(one.first, second) && isOf(one.second, first));
  const found = straight ?? turned;
  return found && { found, isTurned: found !== straight };
}

/** The first accuracy is clearly below, as good as, or clearly above the second. */
function clearly(results: Results, first: Measured, second: Measured): Sign {
  const held = heldOf(results, first, second);
  if (held) {
    const sign = SIGNS[held.found.verdict];
    return held.isTurned ? opposite(sign) : sign;
  }
  const [a, b] = [first, second].map(([row, column]) => row.scores[column] ?? 0) as [number, number];
  const [n, m] = [first, second].map(([, column]) => testPictures(results, column)) as [number, number];
  if (Math.abs(a - b) <= CONFIDENCE * Math.sqrt((a * (1 - a)) / n + (b * (1 - b)) / m)) return 0;
  return a > b ? 1 : -1;
}

/** The smallest true difference that these test pictures show four times in five; undefined where nobody has worked it out. */
export const detectable = (
  results: Results,
  row: Row,
  other: Row,
  column: ScoreColumn = 'all',
): number | undefined => heldOf(results, [row, column], [other, column])?.found.detectable;

/** Of two rows in a column. */
export const compare = (results: Results, row: Row, other: Row, column: ScoreColumn = 'all'): Sign =>
  clearly(results, [row, column], [other, column]);

/** Of two columns of a row. */
export const compareColumns = (results: Results, row: Row, column: ScoreColumn, other: ScoreColumn): Sign =>
  clearly(results, [row, column], [row, other]);
