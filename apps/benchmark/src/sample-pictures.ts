/** A few training pictures of each class, and test pictures of the tail, small, for the report. */
import { classCounts, DataError, random } from '@longtail/core';
import { centerCrop, compose, type Dataset, resizeShortSide } from '@longtail/datasets';
import { MOST_CLASSES, type SamplePicture } from '@longtail/report/results';

/** Of larger pictures the middle, in so many pixels: a report of photos would be of gigabytes. */
const SIDE = 64;

const shrink = compose(resizeShortSide(SIDE), centerCrop(SIDE));

/** Labels from head to tail, without the middle where they are many. */
function shownLabels({ labels, classNames }: Dataset): Set<number> {
  const counts = classCounts(labels, { numClasses: classNames.length });
  const ranked = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  if (ranked.length <= MOST_CLASSES) return new Set(ranked);
  return new Set([...ranked.slice(0, MOST_CLASSES / 2), ...ranked.slice(-MOST_CLASSES / 2)]);
}

/**
 * The first pictures of each class.
 *
 * @param options.onBadImage 'skip': takes the next picture where one cannot be read
 * @throws DataError for a picture that cannot be read
 */
export async function samplePictures(
  dataset: Dataset,
  { perClass = 4, onBadImage = 'fail' }: SampleOptions = {},
): Promise<SamplePicture[]> {
  const samples = await firstOf(dataset, shownLabels(dataset), { perClass, onBadImage });
  return samples.map(({ index, ...picture }) => picture);
}

/** Classes of the fewest training pictures, of which test pictures are shown. */
const TAIL_CLASSES = 12;

/**
 * The first test pictures of the classes with the fewest training pictures, and where they are in the test set.
 *
 * @param trainCounts n_c, shape [C]
 */
export async function tailPictures(
  test: Dataset,
  trainCounts: ArrayLike<number>,
  { perClass = 4, onBadImage = 'fail' }: SampleOptions = {},
): Promise<IndexedPicture[]> {
  const tail = Array.from(trainCounts, (count, label) => ({ count, label }))
    .sort((a, b) => a.count - b.count || a.label - b.label)
    .slice(0, TAIL_CLASSES);
  return firstOf(test, new Set(tail.map(({ label }) => label)), { perClass, onBadImage });
}

/** A picture and its place in its set. */
export interface IndexedPicture extends SamplePicture {
  readonly index: number;
}

interface SampleOptions {
  readonly perClass?: number;
  readonly onBadImage?: 'fail' | 'skip';
}

async function firstOf(
  dataset: Dataset,
  shown: ReadonlySet<number>,
  { perClass, onBadImage }: Required<SampleOptions>,
): Promise<IndexedPicture[]> {
  const taken = new Int32Array(dataset.classNames.length);
  const samples: IndexedPicture[] = [];
  for (const [index, label] of dataset.labels.entries()) {
    if (!shown.has(label) || taken[label]! >= perClass) continue;
    try {
      const picture = await dataset.read(index);
      const isSmall = Math.max(picture.height, picture.width) <= SIDE;
      const { data, height, width } = isSmall ? picture : shrink(picture, random(0, 'sample', index));
      samples.push({ index, label, height, width, rgb: Buffer.from(data).toString('base64') });
      taken[label]! += 1;
    } catch (error) {
      if (onBadImage === 'fail' || !(error instanceof DataError)) throw error;
    }
  }
  return samples;
}
