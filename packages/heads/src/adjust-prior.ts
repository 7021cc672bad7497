/**
 * Post-hoc logit adjustment (Menon et al., ICLR 2021, section 4.2): what a head has learned under one prior is moved to another,
 *   z_c + tau (log pi_target,c - log pi_train,c)
 * Where softmax(z) is the probability under pi_train, tau = 1 makes it that under pi_target.
 */
import { asCounts, checkNumbers, checkOptions, checkWeights, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkHead, checkShapes, formOf, type Head, owned } from './head.ts';

/** `uniform`, `train` (nothing moves), or a number of each class in proportion to its probability, shape [C]. */
export type TargetPrior = 'uniform' | 'train' | ArrayLike<number>;

/** log a_c / sum a. */
function logShares(values: ArrayLike<number>): Float64Array {
  const numbers = Float64Array.from(values);
  const sum = numbers.reduce((a, b) => a + b, 0);
  return numbers.map((value) => Math.log(value / sum));
}

/**
 * log pi_target, shape [C].
 *
 * @param counts of the training rows, shape [C]
 * @throws InputError when the target has another number of classes or is not above 0
 */
export function logPrior(counts: ArrayLike<number>, target: TargetPrior): Float64Array {
  if (target === 'train') return logShares(counts);
  if (target === 'uniform') return logShares(new Float64Array(counts.length).fill(1));
  checkWeights({ target }, { count: counts.length, of: 'classes' });
  for (let c = 0; c < target.length; c++)
    if (!(target[c]! > 0))
      throw new InputError(
        `a target prior must be above 0 for every class, but target[${c}] is ${target[c]}; a class that does not occur gets a small number.`,
      );
  return logShares(target);
}

/**
 * log pi_target - log pi_train; 0 for a class without training rows, of which nothing is known.
 *
 * @param counts of the training rows, shape [C]
 * @throws InputError when the target has another number of classes, is not above 0, or the counts are none
 */
export function priorShift(counts: ArrayLike<number>, target: TargetPrior): Float32Array {
  const trained = asCounts(counts);
  const [from, to] = [logShares(trained), logPrior(trained, target)];
  return Float32Array.from(trained, (n, c) => (n === 0 ? 0 : to[c]! - from[c]!));
}

/**
 * A head whose scores are another's with the prior moved. It takes the other over: dispose this one alone.
 *
 * @param options.counts n_c of the rows that the head was trained on as they are, shape [C]
 * @param options.target default: 'uniform'
 * @param options.tau default: 1
 * @throws InputError when the counts or the target do not fit the head, or tau is out of [0, 10]
 * @example
 * const balanced = adjustPrior(await logisticRegression(features, labels, { numClasses }), { counts });
 */
export function adjustPrior(
  head: Head,
  options: { counts: ArrayLike<number>; target?: TargetPrior; tau?: number },
): Head {
  const { counts, target = 'uniform', tau = 1 } = checkOptions(options, { of: 'adjustPrior' });
  checkHead(head);
  checkNumbers({ tau }, { least: 0, most: 10 });
  const shift = priorShift(counts, target);
  if (shift.length !== head.numClasses)
    throw new InputError(
      `class counts must be of the head's ${head.numClasses} classes, but there are ${shift.length}.`,
    );
  const moved = tf.tensor1d(shift.map((value) => tau * value));
  return shiftedBy(head, moved, { name: `${head.name}, adjusted` });
}

/**
 * A head that takes the other and the shift over.
 *
 * @param shift shape [C]
 * @throws InputError unless it is
 */
export function shiftedBy(head: Head, shift: tf.Tensor1D, { name }: { name: string }): Head {
  checkShapes({ shift }, { shift: [head.numClasses] }, { of: name });
  const moved = owned<tf.Rank.R1>(shift);
  let key = 'shift';
  while (head.weights.has(key)) key += "'"; // of a head that was adjusted before
  const { form: _, ...rest } = head;
  const form = formOf(head);
  return {
    ...rest,
    name,
    isLinear: false,
    weights: new Map([...head.weights, [key, moved]]),
    ...(form && { form: { kind: 'adjusted', shift: key, head: { name: head.name, form } } }),
    logits: (features) => tf.tidy(() => tf.add<tf.Tensor2D>(head.logits(features), moved)),
    dispose() {
      head.dispose();
      moved.dispose();
    },
  };
}
