/**
 * Temperature scaling (Guo et al., ICML 2017, section 4.2): softmax(z / T), T the least negative log-likelihood of held-out rows.
 * It changes no prediction. NCM, LDA, kNN and ridge need it before their scores are probabilities.
 */
import { asLabels, checkNumbers, checkOptions, InputError, type LabelList } from '@longtail/core';
import { checkTensors, sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkFinite } from './training-set.ts';

/** T is looked for between 1 / 10,000 and 10,000. */
const WIDEST = Math.log(1e4);
const GOLDEN = (Math.sqrt(5) - 1) / 2;

export interface Temperature {
  readonly temperature: number;
  /** Mean negative log-likelihood before and after. */
  readonly before: number;
  readonly after: number;
  /** Whether T lies within what was looked at: rows that are all right have no least one. */
  readonly isInside: boolean;
}

/**
 * @param logits of rows that the head was not fitted on, shape [N, C]
 * @param labels shape [N]
 * @param options.tolerance of log T, from 1e-6; default: 1e-4
 * @throws InputError when they differ in number, a label is beyond the classes, or a logit is not finite
 * @example
 * const { temperature } = fitTemperature(head.logits(validation), labels);
 */
export function fitTemperature(
  logits: tf.Tensor2D,
  labels: LabelList,
  options: { tolerance?: number } = {},
): Temperature {
  const { tolerance = 1e-4 } = checkOptions(options, { of: 'fitTemperature' });
  checkNumbers({ tolerance }, { least: 1e-6, most: 1 });
  checkTensors({ logits }, { rank: 2 });
  const [rows, numClasses] = logits.shape;
  const checked = asLabels(labels, { numClasses });
  if (rows !== checked.length || rows === 0)
    throw new InputError(
      `a temperature needs a label for each row of logits, at least one, but got ${checked.length} for ${rows}.`,
    );
  checkFinite(logits, { name: 'logits' });
  const wanted = tf.tensor1d(checked, 'int32');
  const nll = (logT: number): number =>
    tf.tidy(() => tf.mean(sparseCrossEntropy(tf.mul(logits, Math.exp(-logT)), wanted)).dataSync()[0]!);
  try {
    const [before, logT] = [nll(0), leastOf(nll, tolerance)];
    return {
      temperature: Math.exp(logT),
      before,
      after: nll(logT),
      isInside: Math.abs(logT) < WIDEST - 2 * tolerance,
    };
  } finally {
    wanted.dispose();
  }
}

/** By golden section: convex in 1 / T, so there is one valley in log T, too. */
function leastOf(value: (x: number) => number, tolerance: number): number {
  let [low, high] = [-WIDEST, WIDEST];
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atA, atB] = [value(a), value(b)];
  while (high - low > tolerance) {
    if (atA <= atB) {
      [high, b, atB] = [b, a, atA];
      a = high - GOLDEN * (high - low);
      atA = value(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + GOLDEN * (high - low);
      atB = value(b);
    }
  }
  return (low + high) / 2;
}
