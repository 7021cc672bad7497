/** The mean of the scores of several seeds, one by one; a group without test rows has none. */
import type { Scores } from '@longtail/metrics';

const mean = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce((a: number, b) => a + b!, 0) / values.length;

/** @param all of the same rows and classes, one at least */
export function meanScores(all: readonly Scores[]): Scores {
  const of = (name: Exclude<keyof Scores, 'groupRule' | 'perClass'>) =>
    mean(all.map((scores) => scores[name]));
  const [first] = all as [Scores];
  return {
    ...{ all: of('all')!, many: of('many'), medium: of('medium'), few: of('few') },
    ...{ meanOfClasses: of('meanOfClasses')!, macroF1: of('macroF1')!, groupRule: first.groupRule },
    perClass: first.perClass.map((_, c) => mean(all.map(({ perClass }) => perClass[c]!))),
  };
}
