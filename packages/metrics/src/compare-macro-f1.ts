/** Two methods' macro-F1 on the same test rows. It takes what each predicts, not only where it is right, and so more cells a class. */
import { asLabels, checkIntegers, checkOptions, type LabelList } from '@longtail/core';
import { weighedBootstrap } from './bootstrap.ts';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { type Cells, cellsOf } from './cells.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { WeighedCells } from './draw-counts.ts';
import { exchangeTest } from './exchange-test.ts';
import { macroF1 } from './macro-f1.ts';
import { orientation, turned } from './orientation.ts';
import { asPredictions } from './predictions.ts';

/** The pairs of more classes have no number in 32 bits. */
const MOST_CLASSES = 46_340;

/**
 * @param first predicted class of each test image, shape [N]
 * @param second the other method's, of the same images in the same order, shape [N]
 * @param labels true class, shape [N]
 * @param options.numClasses C, at most 46,340
 * @returns the first's macro-F1 less the second's, as {@link compareMethods} compares accuracies
 * @throws InputError when lengths differ, a class is outside [0, C), or an option is out of its range
 */
export function compareMacroF1(
  first: LabelList,
  second: LabelList,
  labels: LabelList,
  options: BootstrapOptions & { numClasses: number },
): Difference {
  const { numClasses } = checkOptions(options, { of: 'compareMacroF1' });
  checkIntegers({ numClasses }, { most: MOST_CLASSES });
  const drawing = bootstrapOptions(options, 'compareMacroF1');
  const truth = asLabels(labels, { numClasses });
  const [one, other] = [
    asPredictions(first, truth, { numClasses, name: 'first' }),
    asPredictions(second, truth, { numClasses, name: 'second' }),
  ];
  const pairs = (a: Int32Array, b: Int32Array) =>
    cellsOf(
      truth,
      a.map((c, i) => c * numClasses + b[i]!),
    );
  const { cells, sign } = orientation(pairs(one, other), pairs(other, one));
  const [ofFirst, ofSecond] = [
    cells.outcomes.map((pair) => Math.floor(pair / numClasses)),
    cells.outcomes.map((pair) => pair % numClasses),
  ];
  const difference = (drawn: WeighedCells) =>
    macroF1(drawn, ofFirst, numClasses) - macroF1(drawn, ofSecond, numClasses);
  const estimate = weighedBootstrap(difference, cells, drawing);
  const p = exchangedP(cells, [ofFirst, ofSecond], { ...drawing, numClasses });
  return differenceOf(turned(estimate, sign), { ...drawing, p });
}

/** The rows of a cell that are exchanged are a cell of their own, of the other's predictions. */
function exchangedP(
  { strata, counts, outcomes }: Cells,
  [ofFirst, ofSecond]: readonly [Int32Array, Int32Array],
  { numClasses, ...drawing }: { numClasses: number; replicates: number; seed: number },
): number {
  const twice = { strata: joined(strata, strata), outcomes: joined(outcomes, outcomes) };
  const [forth, back] = [joined(ofFirst, ofSecond), joined(ofSecond, ofFirst)];
  const differing = counts.map((n, cell) => (ofFirst[cell] === ofSecond[cell] ? 0 : n));
  const difference = (exchanged: Int32Array): [number] => {
    const kept = counts.map((n, cell) => n - exchanged[cell]!);
    const drawn = { ...twice, counts: joined(kept, exchanged) };
    return [macroF1(drawn, forth, numClasses) - macroF1(drawn, back, numClasses)];
  };
  return exchangeTest(difference, differing, drawing)[0]!;
}

function joined(one: Int32Array, other: Int32Array): Int32Array {
  const both = new Int32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
