/** How bad the bad classes are: other means of the class recalls, over the classes with rows. */
import { checkNumbers, checkOptions } from '@longtail/core';
import { classRecalls } from './class-scores.ts';
import type { Tally } from './tally.ts';

const known = (counts: Tally): number[] => classRecalls(counts).filter((recall) => recall !== null);

/** K / sum_c 1 / recall_c; 0 where a class is never right. @throws InputError unless it is a tally of at least one row */
export function harmonicMean(counts: Tally): number {
  const recalls = known(counts);
  return recalls.length / recalls.reduce((so, recall) => so + 1 / recall, 0);
}

/**
 * (prod_c recall_c)^(1/K), the G-mean (Kubat & Matwin, 1997; Sun et al., 2006 for many classes).
 *
 * @param options.correction stands for a recall of 0, as imbalanced-learn's; default 0: the G-mean is 0 where a class is never right
 * @throws InputError as {@link harmonicMean}, and for a correction outside [0, 1]
 */
export function geometricMean(counts: Tally, options: { correction?: number } = {}): number {
  const { correction = 0 } = checkOptions(options, { of: 'geometricMean' });
  checkNumbers({ correction }, { least: 0, most: 1 });
  const recalls = known(counts).map((recall) => recall || correction);
  return Math.exp(recalls.reduce((so, recall) => so + Math.log(recall), 0) / recalls.length);
}

/** The class of the least recall, the first of equals. @throws InputError as {@link harmonicMean} */
export function worstClass(counts: Tally): { class: number; recall: number } {
  const recalls = classRecalls(counts).map((recall) => recall ?? Number.POSITIVE_INFINITY);
  const worst = recalls.reduce((least, recall, c) => (recall < recalls[least]! ? c : least), 0);
  return { class: worst, recall: recalls[worst]! };
}
