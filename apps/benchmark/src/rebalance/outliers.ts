/**
 * Rows that are far from every class: the Mahalanobis distance to the nearest class mean (Lee et al., NeurIPS 2018, section 2.1), by a
 * covariance to which every class counts alike, shrunk by 0.3 as LDA's,
 *   d(f) = min over c of ((f - m_c)^T S^-1 (f - m_c))^(1/2)
 * A row is an outlier beyond Q3 + 3 (Q3 - Q1) of the training rows' distances, Tukey's outer fence (Exploratory Data Analysis, 1977).
 * From its own class mean a training row is taken out, which is a factor of n / (n - 1): a class of few rows is not near by being
 * its own mean, and one of a single row is compared with the others.
 */
import { ncm } from '@longtail/heads';
import { solvePositive } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { KnownParts } from './known-classes.ts';
import type { Part } from './part.ts';
import type { PartName } from './read-parts.ts';

export interface Outlier {
  readonly part: PartName;
  /** Of its file, from 0. */
  readonly row: number;
  readonly label: string;
  readonly distance: number;
  /** The fence: what is beyond it is an outlier. */
  readonly beyond: number;
}

/** In a sentence, for whoever reads the rows. */
export const OUTLIER_RULE =
  'outliers: Mahalanobis distance to the nearest class mean (Lee et al., NeurIPS 2018) beyond Tukey’s outer fence, Q3 + 3 (Q3 - Q1), of the training rows.';

const SHRINKAGE = 0.3;
const AT_ONCE = 4096;

interface Gaussians {
  /** Shape [D], what is taken off for precision. */
  readonly centre: tf.Tensor1D;
  /** Shape [C, D], about the centre. */
  readonly means: tf.Tensor2D;
  /** S^-1, shape [D, D]. */
  readonly precision: tf.Tensor2D;
}

/** @param onRows of rows [start, start + n), about the centre, in a tidy */
function eachChunk(
  { values, dim, labels }: Part,
  centre: tf.Tensor1D,
  onRows: (rows: tf.Tensor2D, classes: tf.Tensor1D, start: number) => void,
): void {
  for (let start = 0; start < labels.length; start += AT_ONCE)
    tf.tidy(() => {
      const own = labels.slice(start, start + AT_ONCE);
      const rows = tf.tensor2d(values.subarray(start * dim, (start + own.length) * dim), [own.length, dim]);
      onRows(tf.sub(rows, centre), tf.tensor1d(own, 'int32'), start);
    });
}

/** @returns nothing where no class has two different rows; else the caller's tensors */
function gaussiansOf(train: Part, counts: Int32Array): Gaussians | undefined {
  const { values, dim, labels } = train;
  const features = tf.tensor2d(values, [labels.length, dim]);
  const head = ncm(features, labels, { numClasses: counts.length, kind: 'un' });
  const centre = tf.tidy(() => tf.mean(features, 0) as tf.Tensor1D);
  features.dispose();
  const means = tf.tidy(() => tf.sub(head.weights.get('means')!, centre) as tf.Tensor2D);
  head.dispose();
  const roots = tf.tensor2d(
    Float32Array.from(counts, (n) => (n > 1 ? 1 / Math.sqrt(n) : 0)),
    [counts.length, 1],
  );
  let spread = tf.zeros<tf.Rank.R2>([dim, dim]);
  eachChunk(train, centre, (rows, classes) => {
    const apart = tf.mul(tf.sub(rows, tf.gather(means, classes)), tf.gather(roots, classes));
    const before = spread;
    spread = tf.keep(tf.add(before, tf.matMul(apart, apart, true)));
    before.dispose();
  });
  const precision = tf.tidy(() => {
    const scale = tf.sum(tf.mul(spread, tf.eye(dim))).dataSync()[0]! / dim;
    if (!(scale > 0)) return undefined;
    return solvePositive(tf.mul(spread, 1 - SHRINKAGE), tf.eye(dim), { ridge: SHRINKAGE * scale });
  });
  tf.dispose([spread, roots]);
  if (precision) return { centre, means, precision };
  tf.dispose([centre, means]);
  return undefined;
}

/** @param counts of the training rows, where these are they @returns d of each row, [N] */
function distances(part: Part, { centre, means, precision }: Gaussians, counts?: Int32Array): Float32Array {
  const found = new Float32Array(part.labels.length);
  const numClasses = means.shape[0];
  const factors = tf.tensor1d(Float32Array.from(counts ?? [], (n) => (n > 1 ? (n / (n - 1)) ** 2 - 1 : 0)));
  const alone = tf.tensor1d(Float32Array.from(counts ?? [], (n) => (n > 1 ? 0 : 1e30)));
  const seen = tf.tidy(() => tf.matMul(means, precision) as tf.Tensor2D);
  const squares = tf.tidy(() => tf.sum(tf.mul(seen, means), 1));
  eachChunk(part, centre, (rows, classes, start) => {
    const own = tf.sum(tf.mul(tf.matMul(rows, precision), rows), 1, true);
    const apart = tf.maximum(tf.add(tf.sub(own, tf.mul(tf.matMul(rows, seen, false, true), 2)), squares), 0);
    const hot = tf.cast(tf.oneHot(classes, numClasses), 'float32');
    const left = counts ? tf.add(tf.mul(apart, tf.add(tf.mul(hot, factors), 1)), tf.mul(hot, alone)) : apart;
    found.set(tf.sqrt(tf.min(left, 1)).dataSync(), start);
  });
  tf.dispose([factors, alone, seen, squares]);
  return found;
}

/** Q3 + 3 (Q3 - Q1). */
function fence(all: Float32Array): number {
  const sorted = all.toSorted();
  const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))]!;
  return at(0.75) + 3 * (at(0.75) - at(0.25));
}

/** @returns the farthest first */
export function outliers({ train, validation, test, classNames, counts }: KnownParts): Outlier[] {
  const gaussians = gaussiansOf(train, counts);
  if (!gaussians) return [];
  const own = distances(train, gaussians, counts);
  const beyond = fence(own);
  const found = ([name, part]: [string, Part | undefined]): Outlier[] => {
    if (!part) return [];
    const all = part === train ? own : distances(part, gaussians);
    return Array.from(all).flatMap((distance, i) =>
      distance > beyond
        ? [
            {
              part: name as PartName,
              row: part.places[i]!,
              label: classNames[part.labels[i]!]!,
              distance,
              beyond,
            },
          ]
        : [],
    );
  };
  const all = Object.entries({ train, validation, test }).flatMap(found);
  tf.dispose({ ...gaussians });
  return all.sort((a, b) => b.distance - a.distance);
}
