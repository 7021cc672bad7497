/** Two groups of classes under one method: is the gap between head and tail more than chance of the test rows? */
import { checkOneOf, checkOptions, type LabelList, random } from '@longtail/core';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { cellsOf } from './cells.ts';
import { type Difference, differenceOf } from './difference.ts';
import { shareBeyond } from './exchange-test.ts';
import type { GroupRule, Groups } from './groups.ts';
import type { Interval } from './interval.ts';
import { linearBootstrap } from './linear-bootstrap.ts';
import { asPredictions } from './predictions.ts';
import { testRows } from './score-columns.ts';
import { intervalBetween, isUnvaried, rowsOfOneWeight, shareInterval } from './unvaried.ts';

interface OfGroup {
  /** So many of one weight. */
  readonly rows: number;
  readonly interval: Interval;
}

/**
 * @param predictions class of each test image, shape [N]
 * @param labels its true class, shape [N]
 * @param trainCounts n_c of the TRAINING set, shape [C]
 * @returns the accuracy of the first group less that of the second; null where one of them has no test images
 * @throws InputError when lengths differ, a class is outside [0, C), or an option is out of its range
 * @example
 * compareGroups(predictions, labels, trainCounts, { first: 'many', second: 'few' }); // { difference: 0.41, verdict: 'better', ... }
 */
export function compareGroups(
  predictions: LabelList,
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  options: BootstrapOptions & { first: keyof Groups; second: keyof Groups; groupRule?: GroupRule },
): Difference | null {
  const { first, second, groupRule = 'official' } = checkOptions(options, { of: 'compareGroups' });
  checkOneOf({ first, second }, ['many', 'medium', 'few']);
  const drawing = bootstrapOptions(options, 'compareGroups');
  const { numClasses, truth, strata, columns } = testRows(labels, trainCounts, { groupRule });
  const predicted = asPredictions(predictions, truth, { numClasses, name: 'predictions' });
  const [head, tail] = [first, second].map((name) => columns.find(({ column }) => column === name)?.weights);
  if (!head || !tail) return null;
  const weights = head.map((w, c) => w - tail[c]!);
  const cells = cellsOf(
    strata,
    truth.map((label, i) => Number(predicted[i] === label)),
  );
  const gains = Float64Array.from(cells.strata, (c, cell) => cells.outcomes[cell]! * weights[c]!);
  const [gap] = linearBootstrap([gains], cells, drawing);
  const { confidence } = drawing;
  const [ofHead, ofTail] = [head, tail].map((own) => {
    const rows = rowsOfOneWeight(cells, { weights: own });
    const hits = Float64Array.from(cells.strata, (c, cell) => cells.outcomes[cell]! * own[c]!);
    return { rows, interval: shareInterval(cells, hits, { rows, confidence }) };
  }) as [OfGroup, OfGroup];
  const ends = isUnvaried(gap!) ? intervalBetween(ofHead.interval, ofTail.interval) : {};
  const p = shuffledP(
    truth,
    Uint8Array.from(truth, (label, i) => Number(predicted[i] === label)),
    { weights, ...drawing },
  );
  return differenceOf({ ...gap!, ...ends }, { ...drawing, p, rows: Math.min(ofHead.rows, ofTail.rows) });
}

/**
 * Where the groups are alike, right and wrong may as well be dealt anew over the rows of both: R. A. Fisher's randomisation. Classes of one
 * group that differ make it a little conservative.
 */
function shuffledP(
  labels: Int32Array,
  hits: Uint8Array,
  { weights, replicates, seed }: { weights: Float64Array; replicates: number; seed: number },
): number {
  const rows = Int32Array.from(labels.keys()).filter((row) => weights[labels[row]!] !== 0);
  const dealt = Int32Array.from(rows, (row) => hits[row]!);
  const own = Float64Array.from(rows, (row) => weights[labels[row]!]!);
  const gap = (): number => {
    let sum = 0;
    for (let i = 0; i < dealt.length; i++) sum += own[i]! * dealt[i]!;
    return sum;
  };
  const observed = gap();
  dealt.sort();
  const generator = random(seed, 'groups');
  const drawn = Float64Array.from({ length: replicates }, () => {
    generator.shuffle(dealt);
    return gap();
  });
  return shareBeyond(observed, drawn);
}
