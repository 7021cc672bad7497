/**
 * Several heads that answer together, each with a share v_k of sum 1:
 *   of logits:         z = sum_k v_k z_k                       (a product of experts; Hinton, 2002)
 *   of probabilities:  z = log sum_k v_k softmax(z_k)          (a mixture of experts; deep ensembles, Lakshminarayanan et al., 2017)
 * The latter's softmax is the mean of the heads' probabilities.
 */
import { checkLists, checkNumbers, checkOneOf, checkOptions, checkStrings, InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkHead, formOf, type Head } from './head.ts';

export interface EnsembleOptions {
  /** Of what the mean is taken. Default: 'probabilities'. */
  readonly mean?: 'probabilities' | 'logits';
  /** v_k, each above 0, in proportion, shape [K]. Default: all alike. */
  readonly shares?: ArrayLike<number>;
  /** Default: 'ensemble'. */
  readonly name?: string;
}

/** What is taken for the largest of scores that are all -Infinity, of which a difference would be NaN. */
export const LOWEST = -3e38;

function checkMembers(heads: readonly Head[]): Head {
  checkLists({ heads });
  const [first, ...others] = heads;
  if (!first) throw new InputError('an ensemble must have a head, but there is none.');
  heads.forEach(checkHead);
  const size = ({ numClasses, featureDim }: Head) => `${numClasses} classes and ${featureDim} features`;
  const odd = others.find((head) => size(head) !== size(first));
  if (odd)
    throw new InputError(
      `the heads of an ensemble must be of one size, but ${first.name} is of ${size(first)}, ${odd.name} of ${size(odd)}.`,
    );
  if (new Set(heads).size !== heads.length)
    throw new InputError('the heads of an ensemble must be different ones, but one is there twice.');
  return first;
}

/** v, of sum 1. */
function normalised(shares: ArrayLike<number>, count: number): readonly number[] {
  checkLists({ shares });
  const values = Array.from(shares);
  if (values.length !== count)
    throw new InputError(`shares must be one a head, ${count}, but there are ${values.length}.`);
  values.forEach((value, k) => {
    checkNumbers({ [`shares[${k}]`]: value }, { above: 0 });
  });
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
}

/** log sum_k v_k softmax(z_k), of logits [N, C] each. */
function mixture(all: readonly tf.Tensor2D[], shares: readonly number[]): tf.Tensor2D {
  const logs = all.map((z, k) => tf.add(tf.sub(z, tf.logSumExp(z, 1, true)), Math.log(shares[k]!)));
  const stacked = tf.stack(logs);
  const largest = tf.maximum(tf.max(stacked, 0), LOWEST);
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(stacked, largest)), 0)), largest);
}

/**
 * A head that takes others over: dispose this one alone.
 *
 * @param heads of the same classes and features, fitted on features of the same transform
 * @throws InputError when there is none, they are of different sizes, or a share is not above 0
 * @example
 * const head = ensemble([await logisticRegression(features, labels, { numClasses }), lda(features, labels, { numClasses })]);
 */
export function ensemble(heads: readonly Head[], options: EnsembleOptions = {}): Head {
  const { mean = 'probabilities', name = 'ensemble' } = checkOptions(options, { of: 'ensemble' });
  const { numClasses, featureDim } = checkMembers(heads);
  const members = [...heads];
  const { shares: given = new Float32Array(members.length).fill(1) } = options;
  checkOneOf({ mean }, ['probabilities', 'logits']);
  checkStrings({ name });
  const shares = normalised(given, members.length);
  const forms = members.map((head) => ({ name: head.name, form: formOf(head) }));
  const canBeSaved = forms.every(({ form }) => form !== undefined);
  return {
    name,
    numClasses,
    featureDim,
    weights: new Map(
      members.flatMap(({ weights }, k) => [...weights].map(([key, value]) => [`${k}.${key}`, value])),
    ),
    ...(canBeSaved && { form: { kind: 'ensemble', mean, shares, heads: forms } }),
    trainable: [],
    logits: (features) =>
      tf.tidy(() => {
        const all = members.map((head) => head.logits(features));
        if (mean === 'probabilities') return mixture(all, shares);
        return tf.addN(all.map((z, k) => tf.mul(z, shares[k]!)));
      }),
    dispose() {
      for (const head of members) head.dispose();
    },
  };
}
