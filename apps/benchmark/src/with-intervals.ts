/** Scores with how sure they are: 95 % intervals as far as the test pictures tell, of each score that is one number. */
import { evaluate, type GroupRule, scoreIntervals } from '@longtail/metrics';
import { SCORE_NAMES, type Scores } from '@longtail/report/results';

/**
 * @param predictions class of each test picture, shape [N]
 * @param labels its true class, shape [N]
 * @param trainCounts n_c of the training set, shape [C]
 */
export function withIntervals(
  predictions: Int32Array,
  labels: Int32Array,
  trainCounts: readonly number[],
  { groupRule, seed }: { groupRule: GroupRule; seed: number },
): Scores {
  const found = scoreIntervals(predictions, labels, trainCounts, { groupRule, seed });
  const intervals = Object.fromEntries(
    SCORE_NAMES.flatMap((name) => {
      const interval = found[name];
      return interval ? [[name, [interval.low, interval.high] as const]] : [];
    }),
  );
  return { ...evaluate(predictions, labels, trainCounts, { groupRule }), intervals };
}
