/** A few training pictures of each class, small, for the report. */
import { classCounts, DataError, random } from '@longtail/core';
import { centerCrop, compose, type Dataset, resizeShortSide } from '@longtail/datasets';
import { MOST_CLASSES, type SamplePicture } from './results.ts';

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
  { perClass = 4, onBadImage = 'fail' }: { perClass?: number; onBadImage?: 'fail' | 'skip' } = {},
): Promise<SamplePicture[]> {
  const shown = shownLabels(dataset);
  const taken = new Int32Array(dataset.classNames.length);
  const samples: SamplePicture[] = [];
  for (const [i, label] of dataset.labels.entries()) {
    if (!shown.has(label) || taken[label]! >= perClass) continue;
    try {
      const picture = await dataset.read(i);
      const isSmall = Math.max(picture.height, picture.width) <= SIDE;
      const { data, height, width } = isSmall ? picture : shrink(picture, random(0, 'sample', i));
      samples.push({ label, height, width, rgb: Buffer.from(data).toString('base64') });
      taken[label]! += 1;
    } catch (error) {
      if (onBadImage === 'fail' || !(error instanceof DataError)) throw error;
    }
  }
  return samples;
}
