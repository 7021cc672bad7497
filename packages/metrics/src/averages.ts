/** Averages over rows and over classes. */
import { classF1s, classRecalls } from './class-scores.ts';
import { mean } from './mean.ts';
import { checkTally, type Tally, total } from './tally.ts';

/** Top-1 over all rows, sum TP / N. @throws InputError unless it is a tally of at least one row */
export function accuracy(counts: Tally): number {
  checkTally(counts);
  return total(counts.hits) / total(counts.support);
}

/** Mean of the recalls of classes with rows: balanced accuracy, what the tau script calls "All". @throws InputError as {@link accuracy} */
export function meanOfClasses(counts: Tally): number {
  return mean(classRecalls(counts))!;
}

/** 1 - {@link meanOfClasses} (Menon et al., 2021). @throws InputError as {@link accuracy} */
export function balancedError(counts: Tally): number {
  return 1 - meanOfClasses(counts);
}

/** Mean of F1 over the classes among labels or predictions, as scikit-learn's `macro`. @throws InputError as {@link accuracy} */
export function macroF1(counts: Tally): number {
  checkTally(counts);
  const { support, chosen, hits } = counts;
  return meanF1(hits, (c) => support[c]! + chosen[c]!);
}

/** Of F1_c = 2 hits_c / rows_c, where rows_c are those of the class and those taken for it, over the classes that have any. */
export function meanF1(hits: ArrayLike<number>, rowsOf: (c: number) => number): number {
  let [sum, classes] = [0, 0];
  for (let c = 0; c < hits.length; c++) {
    const rows = rowsOf(c);
    if (rows === 0) continue;
    sum += (2 * hits[c]!) / rows;
    classes += 1;
  }
  return sum / classes;
}

/** Mean of F1, each class by its rows, as scikit-learn's `weighted`. @throws InputError as {@link accuracy} */
export function weightedF1(counts: Tally): number {
  const sum = classF1s(counts).reduce<number>((so, f1, c) => so + counts.support[c]! * (f1 ?? 0), 0);
  return sum / total(counts.support);
}
