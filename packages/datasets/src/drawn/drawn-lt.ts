/**
 * A long-tailed set that needs no download: 36 classes, each a figure (disc, ring, square, triangle, cross, star) with a
 * texture (plain, striped, dotted) in warm or cool colours. Every picture has its own pose, colours, background,
 * clutter, light and noise, so that no pixel tells the class. Which class is how frequent is shuffled by the seed.
 */
import { checkIntegers, checkNumbers, checkOptions, random } from '@longtail/core';
import { type Dataset, inMemory } from '../dataset.ts';
import { longTail } from '../long-tail.ts';
import { drawPicture, type Motif, SIZE } from './picture.ts';
import { SHAPES } from './shapes.ts';
import { TEXTURES } from './textures.ts';

/** Of a class: a gigabyte of all. */
const MOST_PICTURES = 10_000;

const COLORS: Readonly<Record<string, Motif['hues']>> = { warm: [-30, 60], cool: [150, 270] };

/** All combinations, by a name such as "warm striped star". */
const MOTIFS: ReadonlyMap<string, Motif> = new Map(
  Object.entries(SHAPES).flatMap(([shapeName, shape]) =>
    Object.entries(TEXTURES).flatMap(([textureName, texture]) =>
      Object.entries(COLORS).map(
        ([colorName, hues]) =>
          [`${colorName} ${textureName} ${shapeName}`, { shape, texture, hues }] as const,
      ),
    ),
  ),
);

/** Mean and standard deviation of each channel, of the pictures of seed 0. */
export const DRAWN_STATISTICS: { mean: readonly number[]; std: readonly number[] } = {
  mean: [0.42, 0.41, 0.42],
  std: [0.19, 0.18, 0.19],
};

/**
 * @param options.largest n_max, training pictures of the most frequent class
 * @param options.imbalanceFactor n_max / n_min of the exponential profile
 * @param options.validationPerClass, options.testPerClass pictures a class of the two balanced sets
 * @returns three sets of 32x32 RGB pictures; label 0 is the most frequent class. Picture i of a class is the same one
 *   whatever the counts are.
 * @throws InputError for counts below 1 or above 10,000
 * @example
 * const { train, validation, test } = drawnLT({ seed: 0 }); // 4,004 (500 .. 5 a class), 720 and 1,800 pictures
 */
export function drawnLT(options: {
  seed: number;
  largest?: number;
  imbalanceFactor?: number;
  validationPerClass?: number;
  testPerClass?: number;
}): { train: Dataset; validation: Dataset; test: Dataset } {
  const { seed, largest = 500, imbalanceFactor = 100 } = checkOptions(options, { of: 'drawnLT' });
  const { validationPerClass = 20, testPerClass = 50 } = options;
  checkNumbers({ largest }, { least: 1, most: MOST_PICTURES });
  checkIntegers({ validationPerClass, testPerClass }, { most: MOST_PICTURES });
  const classNames = random(seed, 'drawn', 'classes').shuffle([...MOTIFS.keys()]);
  const set = (split: string, counts: ArrayLike<number>): Dataset => {
    const labels = Int32Array.from(classNames.flatMap((_, c) => new Array<number>(counts[c]!).fill(c)));
    const pixels = new Uint8Array(labels.length * SIZE * SIZE * 3);
    let i = 0;
    for (const [c, name] of classNames.entries())
      for (let n = 0; n < counts[c]!; n++)
        pixels.set(
          drawPicture(MOTIFS.get(name)!, random(seed, 'drawn', split, name, n)),
          i++ * SIZE * SIZE * 3,
        );
    return inMemory(`drawn-lt/${split}`, { pixels, labels, classNames, shape: [SIZE, SIZE, 3] });
  };
  const balanced = (count: number) => classNames.map(() => count);
  return {
    train: set('train', longTail({ numClasses: classNames.length, largest, imbalanceFactor })),
    validation: set('validation', balanced(validationPerClass)),
    test: set('test', balanced(testPerClass)),
  };
}
