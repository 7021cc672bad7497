/**
 * When is one accuracy clearly above another? When their difference exceeds sqrt((a(1 - a) + b(1 - b)) / n), the standard
 * error of a difference between two independent samples of n test pictures. Both sides see the SAME pictures, so the
 * sampling error of their difference is smaller. What another seed would change is not in it: repeat the run for that.
 */
import type { Results, Row } from '../results.ts';
import { rankedClasses } from './classes.ts';
import type { ScoreColumn } from './selection.ts';

/** Test pictures behind a column, the test set taken as equally spread over the classes. */
function testPictures(results: Results, column: ScoreColumn): number {
  if (column === 'all') return results.dataset.testSize;
  const classes = rankedClasses(results);
  const share = classes.filter(({ group }) => group === column).length / classes.length;
  return results.dataset.testSize * (share || 1);
}

/** -1, 0 or 1: `row` is clearly below, as good as, or clearly above `other` in a column. */
export function compare(results: Results, row: Row, other: Row, column: ScoreColumn = 'all'): -1 | 0 | 1 {
  const a = row.scores[column] ?? 0;
  const b = other.scores[column] ?? 0;
  const error = Math.sqrt((a * (1 - a) + b * (1 - b)) / testPictures(results, column));
  if (Math.abs(a - b) <= error) return 0;
  return a > b ? 1 : -1;
}
