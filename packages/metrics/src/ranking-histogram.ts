/**
 * AUROC over chunks, from histograms of each class's probability: pairs in different bins are ordered, pairs in one bin
 * count half. So the error is at most half the share of pairs that fall into one bin, and it is given with the result.
 * Bins are even in log p down to 1e-9, below which all is one bin: with many classes most probabilities are tiny.
 * Average precision is not streamed; a summary of its bins has no bound as good.
 */
import { checkOptions, extent } from '@longtail/core';
import type { Accumulator, Sums } from './accumulator.ts';
import { mean } from './mean.ts';
import { asProbableRows, checkKind, checkPlaces, type ScoreKind } from './scores.ts';

export interface Auroc {
  readonly auroc: number | null;
  /** The exact AUROC is no further away than this. */
  readonly error: number | null;
}

export interface ClassAuroc {
  readonly macro: Auroc;
  readonly perClass: readonly Auroc[];
}

/** By class and bin of its probability: [C, B]. */
export type AurocSums = Sums<'positives' | 'negatives'>;

const DEPTH = Math.log(1e9);

/**
 * @param options.from `logits` (default) or `probabilities`
 * @param options.bins default 256: 4 KB a class
 * @throws InputError as {@link calibrationOver}
 * @example
 * measure([{ scores: [3, 0, 0, 3], labels: [0, 1] }], aurocOver({ numClasses: 2 })).macro; // { auroc: 1, error: 0 }
 */
export function aurocOver(options: {
  numClasses: number;
  from?: ScoreKind;
  bins?: number;
}): Accumulator<AurocSums, ClassAuroc> {
  const { numClasses, from = 'logits', bins = 256 } = checkOptions(options, { of: 'aurocOver' });
  checkKind(from);
  checkPlaces({ numClasses, bins });
  const binOf = (logP: number) => Math.min(bins - 1, Math.max(0, Math.floor((1 + logP / DEPTH) * bins)));
  return {
    empty: () => ({
      positives: new Float64Array(numClasses * bins),
      negatives: new Float64Array(numClasses * bins),
    }),
    add({ positives, negatives }, chunk) {
      const { scores, labels } = asProbableRows(chunk, { numClasses, from });
      const into = new Float64Array(numClasses);
      labels.forEach((label, row) => {
        logProbabilities(scores, { start: row * numClasses, from, into });
        for (let c = 0; c < numClasses; c++)
          (c === label ? positives : negatives)[c * bins + binOf(into[c]!)]! += 1;
      });
    },
    result({ positives, negatives }) {
      const perClass = Array.from({ length: numClasses }, (_, c) => {
        const of = (counts: Float64Array) => counts.subarray(c * bins, (c + 1) * bins);
        return aurocOf(of(positives), of(negatives));
      });
      const macro = {
        auroc: mean(perClass.map(({ auroc }) => auroc)),
        error: mean(perClass.map(({ error }) => error)),
      };
      return { macro, perClass };
    },
  };
}

/** log p_c of a row into `into`. */
function logProbabilities(
  scores: ArrayLike<number>,
  { start, from, into }: { start: number; from: ScoreKind; into: Float64Array },
): void {
  for (let c = 0; c < into.length; c++)
    into[c] = from === 'logits' ? scores[start + c]! : Math.log(scores[start + c]!);
  if (from === 'probabilities') return;
  const most = extent(into)[1];
  let sum = 0;
  for (let c = 0; c < into.length; c++) sum += Math.exp(into[c]! - most);
  const shift = most + Math.log(sum);
  for (let c = 0; c < into.length; c++) into[c]! -= shift;
}

function aurocOf(positives: Float64Array, negatives: Float64Array): Auroc {
  let [above, equal, below, p] = [0, 0, 0, 0];
  positives.forEach((count, bin) => {
    above += count * below;
    equal += count * negatives[bin]!;
    below += negatives[bin]!;
    p += count;
  });
  const pairs = p * below;
  return pairs === 0
    ? { auroc: null, error: null }
    : { auroc: (above + equal / 2) / pairs, error: equal / 2 / pairs };
}
