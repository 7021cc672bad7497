/**
 * Agreement beyond chance. With N rows, c of them right, t_k of class k and p_k predicted to be of it:
 * kappa = (c N - sum t_k p_k) / (N^2 - sum t_k p_k) (Cohen, 1960),
 * MCC = (c N - sum t_k p_k) / sqrt((N^2 - sum p_k^2) (N^2 - sum t_k^2)) (Matthews, 1975; Gorodkin's R_K, 2004).
 */
import { checkTally, type Tally, total } from './tally.ts';

function moments({ support, chosen, hits }: Tally) {
  const rows = total(support);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((so, x, c) => so + x * b[c]!, 0);
  return {
    squared: rows * rows,
    above: total(hits) * rows - dot(support, chosen),
    chance: dot(support, chosen),
    labels: dot(support, support),
    predictions: dot(chosen, chosen),
  };
}

/**
 * @returns in [-1, 1]; null where labels and predictions are all of one and the same class
 * @throws InputError unless it is a tally of at least one row
 */
export function cohenKappa(counts: Tally): number | null {
  checkTally(counts);
  const { squared, above, chance } = moments(counts);
  return squared === chance ? null : above / (squared - chance);
}

/**
 * @returns in [-1, 1]; 0 where labels, or predictions, are all of one class, as scikit-learn
 * @throws InputError as {@link cohenKappa}
 */
export function matthews(counts: Tally): number {
  checkTally(counts);
  const { squared, above, labels, predictions } = moments(counts);
  const spread = (squared - predictions) * (squared - labels);
  return spread === 0 ? 0 : above / Math.sqrt(spread);
}
