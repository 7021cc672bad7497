/**
 * TailCalib, features drawn for the rare classes (Vigneswaran et al., ICVGIP 2021, "Feature generation for long-tail
 * classification", equations 7 and 8): every class is filled up to the largest one. A row x of a rare class, by Tukey's
 * ladder x^p, borrows the means and covariances of the k classes nearest to it, N its neighbours, and draws from
 *   Normal((sum_N mu + x) / (k + 1), sum_N S / k + a + 1e-4 I)
 * A head is then trained on all rows as they are, l2-normalised. Reference: rahulvigneswaran/TailCalibX, tailcalib_pip: p = 0.9,
 * a = 0 (added to every entry); its k is 1 by default, here 2. There the covariance of a class of one row is 0 / 0, here 0; the rows
 * that draw once more than others are chosen with replacement there, without here.
 */
import {
  type ClassGroups,
  checkIntegers,
  checkNumbers,
  checkOptions,
  groupByClass,
  type LabelList,
  random,
} from '@longtail/core';
import { normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { classMeans } from './class-sums.ts';
import { covarianceRoot } from './covariance-root.ts';
import { checkTrainingSet, type TrainingSet } from './training-set.ts';
import { transformed, tukey } from './transform.ts';

export interface TailCalibOptions {
  readonly numClasses: number;
  readonly seed: number;
  /** k. Default: 2, or all classes that have rows, where they are fewer. */
  readonly neighbours?: number;
  /** p. Default: 0.9. */
  readonly power?: number;
  /** a, >= 0. Default: 0. */
  readonly alpha?: number;
  /** To how many rows a class is filled. Default: those of the largest one. */
  readonly perClass?: number;
}

export interface Calibrated {
  /** The rows given, by Tukey's ladder, then those drawn, class by class, shape [M, D]; the caller's to dispose. */
  readonly features: tf.Tensor2D;
  /** Shape [M]. */
  readonly labels: Int32Array;
  /** The row that each of them comes from, shape [M]. */
  readonly sources: Int32Array;
}

/** Half a gigabyte of labels alone. */
const MOST_ROWS = 2 ** 27;

interface Problem {
  readonly powered: tf.Tensor2D;
  readonly means: tf.Tensor2D;
  readonly groups: ClassGroups;
  /** Of the covariance of a class. */
  readonly rootOf: (c: number) => tf.Tensor2D;
  readonly k: number;
  readonly alpha: number;
  readonly seed: number;
}

/** The root of each class's covariance, made when it is first asked for. */
function rootsOf(
  features: tf.Tensor2D,
  { order, offsets }: ClassGroups,
): { of: Problem['rootOf']; dispose: () => void } {
  const made = new Map<number, tf.Tensor2D>();
  const make = (c: number) =>
    tf.tidy(() => covarianceRoot(tf.gather(features, order.subarray(offsets[c], offsets[c + 1]))));
  return {
    of(c) {
      const root = made.get(c) ?? tf.keep(make(c));
      made.set(c, root);
      return root;
    },
    dispose: () => tf.dispose([...made.values()]),
  };
}

/** Which row of a class each draw is of: all alike often, and the rest a few of them once more. */
function sourcesOf(own: Int32Array, draws: number, seed: number, c: number): Int32Array {
  const rest = random(seed, 'tail-calib', c)
    .shuffle(own.slice())
    .subarray(0, draws % own.length);
  const whole = Array.from(own, (row) => Array<number>(Math.floor(draws / own.length)).fill(row)).flat();
  return Int32Array.from([...whole, ...rest]).sort();
}

/** The k classes whose means are nearest to each row, shape [n, k]. */
function nearest(rows: tf.Tensor2D, { means, groups, k }: Problem): Int32Array {
  const found = tf.tidy(() => {
    const closeness = tf.sub(tf.mul(2, tf.matMul(rows, means, false, true)), tf.sum(tf.square(means), 1));
    const isThere = tf.greater(tf.tensor1d(groups.counts), 0);
    return tf.topk(tf.where(isThere, closeness, Number.NEGATIVE_INFINITY), k).indices;
  });
  const indices = Int32Array.from(found.dataSync());
  found.dispose();
  return indices;
}

/** What a class is filled up by, shape [m, D]. */
function drawn(c: number, sources: Int32Array, problem: Problem): tf.Tensor2D {
  const { powered, means, rootOf, k, alpha, seed } = problem;
  const [m, featureDim] = [sources.length, powered.shape[1]];
  return tf.tidy(() => {
    const rows = tf.gather(powered, sources);
    const neighbours = nearest(rows, problem); // [m, k]
    const borrowed = tf.sum(tf.reshape(tf.gather(means, neighbours), [m, k, featureDim]), 1);
    const centre = tf.div(tf.add(borrowed, rows), k + 1);
    const { order, counts } = groupByClass(neighbours, { numClasses: means.shape[0] });
    const parts = Array.from(counts, (count, of) => {
      if (count === 0) return [];
      const root = rootOf(of);
      const g = normal([count, root.shape[0]], { seed, keys: ['tail-calib', c, of] }) as tf.Tensor2D;
      return [tf.matMul(g, root)];
    }).flat();
    const places = new Int32Array(order.length);
    order.forEach((place, i) => {
      places[place] = i;
    });
    const noise = tf.sum(tf.reshape(tf.gather(tf.concat(parts), places), [m, k, featureDim]), 1);
    const own = normal([m, featureDim], { seed, keys: ['tail-calib', c, 'own'], deviation: Math.sqrt(1e-4) });
    const shared = normal([m, 1], { seed, keys: ['tail-calib', c, 'all'], deviation: Math.sqrt(alpha) });
    const spread = tf.add(tf.div(noise, Math.sqrt(k)), tf.add(own, shared));
    return tf.add<tf.Tensor2D>(centre, spread);
  });
}

function withDrawn(
  features: tf.Tensor2D,
  sources: readonly Int32Array[],
  {
    power,
    set,
    ...how
  }: Pick<Problem, 'groups' | 'k' | 'alpha' | 'seed'> & { power: number; set: TrainingSet },
): tf.Tensor2D {
  const roots = rootsOf(features, how.groups);
  try {
    return tf.tidy(() => {
      const powered = transformed(features, tukey({ power }));
      const problem = { ...how, powered, means: classMeans(features, set), rootOf: roots.of };
      const drawnRows = sources.flatMap((rows, c) => (rows.length > 0 ? [drawn(c, rows, problem)] : []));
      return tf.concat([powered, ...drawnRows]);
    });
  } finally {
    roots.dispose();
  }
}

/**
 * @param features shape [N, D]; l2-normalised in the paper
 * @param labels shape [N]; a class without rows stays so
 * @throws InputError when rows and labels do not fit, a row is not finite, or an option is out of range
 * @example
 * const filled = tailCalib(transformed(features, l2()), labels, { numClasses, seed: 0 });
 * const train = transformed(filled.features, l2()); // and queries by [...l2(), ...tukey({ power: 0.9 }), ...l2()]
 */
export function tailCalib(features: tf.Tensor2D, labels: LabelList, options: TailCalibOptions): Calibrated {
  const {
    numClasses,
    seed,
    neighbours = 2,
    power = 0.9,
    alpha = 0,
  } = checkOptions(options, { of: 'tailCalib' });
  const set = checkTrainingSet(features, labels, { numClasses, of: 'tailCalib' });
  const { perClass = set.counts.reduce((most, n) => Math.max(most, n), 0) } = options;
  checkIntegers({ neighbours, perClass });
  checkIntegers({ 'perClass * numClasses': perClass * numClasses }, { most: MOST_ROWS });
  checkNumbers({ alpha }, { least: 0 });
  random(seed);
  const groups = groupByClass(set.labels, { numClasses });
  const k = Math.min(neighbours, set.counts.filter((n) => n > 0).length);
  const sources = Array.from(groups.counts, (n, c) => {
    const own = groups.order.subarray(groups.offsets[c], groups.offsets[c]! + n);
    return n === 0 ? own : sourcesOf(own, Math.max(0, perClass - n), seed, c);
  });
  const fill = sources.flatMap((rows, c) => Array<number>(rows.length).fill(c));
  return {
    features: withDrawn(features, sources, { set, groups, k, alpha, seed, power }),
    labels: Int32Array.from([...set.labels, ...fill]),
    sources: Int32Array.from([...set.labels.keys(), ...sources.flatMap((rows) => [...rows])]),
  };
}
