/** Which head to take, and why, in two sentences. */
import { percent, points } from '@longtail/report/results';
import { compareHeads } from './compare-heads.ts';
import { REFERENCE } from './heads.ts';
import type { Leaderboard } from './leaderboard.ts';

export interface Recommendation {
  readonly head: string;
  readonly why: string;
}

/** Of the heads that the test rows cannot tell from the best one, the best calibrated. */
export function recommend(board: Leaderboard, { seed }: { seed: number }): Recommendation {
  const { entries, metric, testedRows } = board;
  const scoreName = metric === 'all' ? 'accuracy' : 'balanced accuracy';
  const best = entries.reduce((so, entry) => (entry.scores[metric] > so.scores[metric] ? entry : so));
  const differences = compareHeads(board, { reference: best.name, seed });
  const alike = entries.filter((_, i) => differences[i]!.verdict === 'undecided');
  const chosen = alike.reduce((so, entry) => (entry.ece < so.ece ? entry : so), best);
  const { difference, low, high, verdict } = chosen.comparison;
  const others = alike.flatMap(({ name }) => (name === chosen.name ? [] : [name]));
  const compared =
    chosen.name === REFERENCE
      ? 'and no head is better beyond doubt'
      : `${points(difference)} points to plain logistic regression (95 %: ${points(low)} to ${points(high)}), ${verdict}`;
  const rows = `${testedRows.toLocaleString('en')} rows`;
  const calibrated =
    others.length === 0
      ? `On these ${rows} it is better than every other head; its ECE is ${percent(chosen.ece)} %.`
      : `These ${rows} cannot tell it from ${others.join(', ')}; of them it has the lowest ECE, ${percent(chosen.ece)} %.`;
  return {
    head: chosen.name,
    why: `${chosen.name} has a ${scoreName} of ${percent(chosen.scores[metric])} %, ${compared}. ${calibrated}`,
  };
}
