/** Calibration with bins of equal width (reliability.ts), of rows whose confidences are at hand; of chunks of scores: calibrationOver. */
import { checkOptions } from '@longtail/core';
import { checkConfidences } from './confidences.ts';
import { binOf, calibrationErrors, type ReliabilityBin, reliabilityBin } from './reliability.ts';
import { checkPlaces } from './scores.ts';

export interface EqualWidthCalibration {
  readonly ece: number;
  readonly mce: number;
  readonly bins: readonly ReliabilityBin[];
}

/**
 * @param confidences of the predicted classes, in [0, 1], shape [N] (`summariseRows`)
 * @param correct whether the prediction is right, 0 or 1, shape [N]
 * @param options.bins default 15, as Guo et al. (2017)
 * @throws InputError naming the first row that does not fit
 * @example
 * equalWidthCalibration([0.9, 0.6], [1, 0]).ece; // .35, the mean of .1 and .6
 */
export function equalWidthCalibration(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  options: { bins?: number } = {},
): EqualWidthCalibration {
  const { bins = 15 } = checkOptions(options, { of: 'equalWidthCalibration' });
  checkPlaces({ numClasses: 1, bins });
  checkConfidences(confidences, correct, 'equalWidthCalibration');
  const sums = Array.from({ length: bins }, () => ({ count: 0, hits: 0, confidence: 0 }));
  for (let row = 0; row < confidences.length; row++) {
    const sum = sums[binOf(confidences[row]!, bins)]!;
    sum.count += 1;
    sum.hits += Number(correct[row]);
    sum.confidence += confidences[row]!;
  }
  const table = sums.map((sum, i) => reliabilityBin(sum, { from: i / bins, to: (i + 1) / bins }));
  return { ...calibrationErrors(table), bins: table };
}
