/** Which pictures of a balanced set a long-tailed one keeps: drawn from a seed, and told apart by a hash. */
import { createHash } from 'node:crypto';
import {
  checkLists,
  checkOneOf,
  checkOptions,
  checkStrings,
  classCounts,
  InputError,
  random,
  shown,
} from '@longtail/core';
import { expectIntegers } from './arguments.ts';
import { checkDataset } from './checked-dataset.ts';
import { type Dataset, inMemory } from './dataset.ts';
import { drawClasses } from './draw-classes.ts';
import { ldamSubset } from './ldam-subset.ts';

/** 'ldam': NumPy's draw from seed 0, which LDAM, MiSLAS, BBN and others share. 'seeded': ours, from any seed. */
export type Draw = 'ldam' | 'seeded';

/**
 * A class's pictures depend on the seed and its own number and size alone.
 *
 * @param labels of the balanced set, shape [N]
 * @param counts n_c to keep, shape [C]
 * @returns positions in the balanced set, class by class, in the order they were drawn: fewer of a class are the first
 *   of more
 * @throws InputError when a class has fewer pictures than are to be kept
 */
export function seededSubset(
  labels: ArrayLike<number>,
  counts: ArrayLike<number>,
  options: { seed?: number } = {},
): Int32Array {
  const { seed = 0 } = checkOptions(options, { of: 'seededSubset' });
  return drawClasses(labels, counts, (positions, c) => random(seed, 'subset', c).shuffle(positions));
}

/**
 * @param options.seed of the draw 'seeded'; LDAM's is one subset, of seed 0
 * @throws InputError as {@link seededSubset}, for another draw, and for a seed of LDAM's
 */
export function drawSubset(
  labels: ArrayLike<number>,
  counts: ArrayLike<number>,
  options: { draw?: Draw; seed?: number } = {},
): Int32Array {
  const { draw = 'ldam', seed = 0 } = checkOptions(options, { of: 'drawSubset' });
  checkOneOf({ draw }, ['ldam', 'seeded']);
  if (draw === 'ldam' && seed !== 0)
    throw new InputError(
      `a seed is of the draw 'seeded', but seed ${shown(seed)} was given to the draw 'ldam', which has one subset.`,
      { seed },
    );
  return draw === 'ldam' ? ldamSubset(labels, counts) : seededSubset(labels, counts, { seed });
}

/**
 * SHA-256 of the positions inside each class, joined by commas, classes joined by semicolons: the name of a subset, the
 * same whatever order the whole set has its classes in.
 *
 * @param labels of the whole set
 * @param indices of the subset
 */
export function subsetHash(labels: ArrayLike<number>, indices: ArrayLike<number>): string {
  checkLists({ labels });
  expectIntegers('indices', indices, { most: labels.length - 1 });
  const place = new Int32Array(labels.length);
  const seen = new Int32Array(classCounts(labels).length);
  for (let i = 0; i < labels.length; i++) place[i] = seen[labels[i]!]!++;
  const classes = Array.from(seen, () => [] as number[]);
  for (let i = 0; i < indices.length; i++) classes[labels[indices[i]!]!]!.push(place[indices[i]!]!);
  return createHash('sha256')
    .update(classes.map((positions) => positions.join(',')).join(';'))
    .digest('hex');
}

export interface Subset extends Dataset {
  /** In the set it is of. */
  readonly indices: Int32Array;
  /** {@link subsetHash} */
  readonly hash: string;
}

/**
 * Some pictures of a set, as a set.
 *
 * @param positions in the whole set
 * @throws InputError for an index that the set does not have
 * @example
 * subsetOf(train, drawSubset(train.labels, longTail({ numClasses: 100, largest: 500, imbalanceFactor: 100 })));
 */
export function subsetOf(
  dataset: Dataset,
  positions: ArrayLike<number>,
  options: { name?: string } = {},
): Subset {
  checkDataset(dataset);
  const { name = dataset.name } = checkOptions(options, { of: 'subsetOf' });
  checkStrings({ name });
  checkLists({ indices: positions });
  const last = dataset.length - 1;
  for (let i = 0; i < positions.length; i++)
    if (!(Number.isInteger(positions[i]) && positions[i]! >= 0 && positions[i]! <= last))
      throw new InputError(
        `${dataset.name} has the pictures 0 to ${last}, but indices[${i}] is ${shown(positions[i])}.`,
        { index: i },
      );
  const indices = Int32Array.from(positions);
  const { file, labels } = dataset;
  return {
    name,
    length: indices.length,
    labels: indices.map((index) => labels[index]!),
    classNames: dataset.classNames,
    indices,
    hash: subsetHash(labels, indices),
    read: (i) => dataset.read(indices[i]!),
    ...(file && { file: (i: number) => file.call(dataset, indices[i]!) }),
  };
}

/** The same of a set in memory, in memory of its own: the whole set's can be freed. */
export function copiedSubset(dataset: PixelSet, indices: Int32Array, name: string): Subset {
  const { shape } = dataset;
  const size = shape[0] * shape[1] * shape[2];
  const pixels = new Uint8Array(indices.length * size);
  for (const [i, index] of indices.entries())
    pixels.set(dataset.pixels.subarray(index * size, (index + 1) * size), i * size);
  const labels = indices.map((index) => dataset.labels[index]!);
  return {
    ...inMemory(name, { pixels, labels, classNames: dataset.classNames, shape }),
    indices,
    hash: subsetHash(dataset.labels, indices),
  };
}

/** Equally large pictures in memory. */
export interface PixelSet {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  readonly shape: readonly [height: number, width: number, channels: number];
}
