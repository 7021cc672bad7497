/** Against scikit-learn, SciPy and NumPy (golden/metrics.py), and the official code (golden/open_set.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  argmax,
  balancedError,
  type Calibration,
  calibrationOver,
  classCalibrationOver,
  classRanking,
  classScores,
  cohenKappa,
  confusionMatrix,
  coverageOver,
  equalMassCalibration,
  equalWidthCalibration,
  evaluate,
  geometricMean,
  gini,
  harmonicMean,
  logitMagnitudeOver,
  macroF1,
  matthews,
  meanOfClasses,
  measure,
  normCountCorrelation,
  openSetF,
  softmax,
  summariseRows,
  tallyOver,
  topKOver,
  weightedF1,
  worstClass,
} from '../src/index.ts';

type Expected = Omit<Calibration, 'bins'> & { equalMass: { ece: number; mce: number } };
interface Case extends Record<string, unknown> {
  classes: number;
  logits: number[];
  labels: number[];
  trainCounts: number[];
  recall: (number | null)[];
  topK: number[];
  calibration: Expected;
  groupCalibration: Record<string, Expected | null>;
  coverage: Record<string, number>;
}

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'golden', name), 'utf8'));
const cases: Case[] = read('metrics.json');
/** Sums of a hundred numbers of about 1 in float64, in another order. */
const NEAR = 1e-12;

function near(found: unknown, expected: unknown, name: string): void {
  if (Array.isArray(expected)) {
    const list = Array.from(found as ArrayLike<unknown>);
    expect(list.length, name).toBe(expected.length);
    expected.forEach((value, i) => near(list[i], value, `${name}[${i}]`));
  } else if (expected === null) expect(found, name).toBeNull();
  else if (typeof expected === 'object')
    for (const [key, value] of Object.entries(expected as object))
      near((found as Record<string, unknown>)[key], value, `${name}.${key}`);
  else
    expect(Math.abs((found as number) - (expected as number)), `${name} ${found} ${expected}`).toBeLessThan(
      NEAR * Math.max(1, Math.abs(expected as number)),
    );
}

describe.each(cases.map((given, i) => [i, given] as const))('case %i', (_, given) => {
  const { classes: numClasses, logits, labels, groups } = given;
  const chunk = { scores: logits, labels };
  const predictions = argmax(logits, { numClasses });
  const counts = measure([chunk], tallyOver({ numClasses }));

  it('scores of hard predictions are those of scikit-learn and SciPy', () => {
    near(predictions, given.predictions, 'predictions');
    const found = {
      accuracy,
      meanOfClasses,
      macroF1,
      weightedF1,
      harmonicMean,
      geometricMean,
      cohenKappa,
      matthews,
    };
    for (const [name, of] of Object.entries(found)) near(of(counts), given[name], name);
    near(balancedError(counts), 1 - (given.meanOfClasses as number), 'balancedError');
    const perClass = classScores(counts);
    near(
      perClass.map((of) => of.recall),
      given.recall,
      'recall',
    );
    near(
      perClass.map((of) => of.support),
      given.support,
      'support',
    );
    // Where a class is never predicted, or never seen, scikit-learn's nan is our null.
    near(
      perClass.map((of) => of.precision),
      given.precision,
      'precision',
    );
    near(
      perClass.map((of) => of.f1),
      given.f1,
      'f1',
    );
    near(confusionMatrix(predictions, labels, { numClasses }).counts, given.confusion, 'confusion');
    expect(worstClass(counts).recall).toBe(Math.min(...given.recall.filter((recall) => recall !== null)));
    near(evaluate(predictions, labels, given.trainCounts).perClass, given.recall, 'evaluate');
    near(gini(given.trainCounts), given.gini, 'gini');
  });

  it('ranks are those of scikit-learn', () => {
    const k = [1, 2, 3].filter((one) => one < numClasses);
    near(
      measure([chunk], topKOver({ numClasses, k })).map(({ all }) => all),
      given.topK,
      'topK',
    );
    const { macro, perClass } = classRanking(softmax(logits, { numClasses }), labels, { numClasses });
    near(
      perClass.map((of) => of.auroc),
      given.auroc,
      'auroc',
    );
    near(
      perClass.map((of) => of.averagePrecision),
      given.averagePrecision,
      'averagePrecision',
    );
    near(macro, { auroc: given.macroAuroc, averagePrecision: given.macroAveragePrecision }, 'macro');
  });

  it.each(['logits', 'probabilities'] as const)('calibration from %s is that of NumPy', (from) => {
    const scores = from === 'logits' ? logits : softmax(logits, { numClasses });
    const options = { numClasses, from, bins: 10, groups: groups as Record<string, number[]> };
    const { all, groups: grouped } = measure([{ scores, labels }], calibrationOver(options));
    const { equalMass, ...expected } = given.calibration;
    near(all, expected, 'calibration');
    for (const [name, group] of Object.entries(given.groupCalibration)) {
      const { equalMass: _, ...own } = group ?? {};
      near(grouped[name], group && own, name);
    }
    const rows = summariseRows(scores, labels, options);
    const correct = rows.predictions.map((prediction, i) => Number(prediction === labels[i]));
    const { ece, mce, bins } = all!;
    near(equalWidthCalibration(rows.confidences, correct, { bins: 10 }), { ece, mce, bins }, 'equal width');
    near(equalMassCalibration(rows.confidences, correct, { bins: 10 }), equalMass, 'equal mass');
    near(measure([{ scores, labels }], classCalibrationOver(options)).perClass, given.classEce, 'class-wise');
  });

  it('logit magnitude, norms and coverage are those of NumPy', () => {
    near(measure([chunk], logitMagnitudeOver({ numClasses })).perClass, given.loma, 'loma');
    const norms = given.norms as number[];
    near(normCountCorrelation(norms, given.trainCounts), given.normCorrelation, 'correlation');
    const thresholds = given.thresholds as number[];
    const sets = { scores: softmax(logits, { numClasses }), labels };
    near(measure([sets], coverageOver({ numClasses, thresholds })), given.coverage, 'coverage');
  });
});

it('the open-set F measure is that of the official code', () => {
  // The official code adds 1e-12 to a divisor of about 1.
  for (const { labels, predictions, official } of read('open_set.json'))
    expect(openSetF(predictions, labels, { by: 'official' })).toBeCloseTo(official, 11);
});
