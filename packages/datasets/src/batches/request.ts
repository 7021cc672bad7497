/** What a loader may be asked for, found out before anything is read. */
import {
  checkFunctions,
  checkIntegers,
  checkObjects,
  checkOneOf,
  checkOptions,
  checkPositions,
  checkStrings,
  InputError,
  random,
  shown,
} from '@longtail/core';
import type { BatchesOptions } from '../batches.ts';
import type { Dataset } from '../dataset.ts';

/** @throws InputError naming the first argument or option that is out of range */
export function checkRequest(dataset: Dataset, indices: ArrayLike<number>, options: BatchesOptions): void {
  checkDataset(dataset);
  checkPositions(indices, { length: dataset.length, of: dataset.name });
  checkLabels(dataset, indices);
  const { batchSize, transform, start = 0, dropLast = false } = checkOptions(options, { of: 'batches' });
  const { seed = 0, epoch = 0, workers = 0, prefetch = 1, maxBadImages = 0 } = options;
  const { onBadImage = 'fail', orient = false, maxPixels = 1 } = options;
  random(seed);
  checkIntegers({ batchSize, prefetch });
  checkIntegers({ epoch, workers }, { least: 0 });
  checkIntegers({ start }, { least: 0, most: indices.length });
  if (maxBadImages !== Number.POSITIVE_INFINITY) checkIntegers({ maxBadImages }, { least: 0 });
  if (maxPixels !== Number.POSITIVE_INFINITY) checkIntegers({ maxPixels });
  checkOneOf({ onBadImage }, ['fail', 'skip']);
  checkOneOf({ dropLast, orient }, [true, false]);
  if (transform !== undefined) checkFunctions({ transform });
  if (dropLast && indices.length < batchSize)
    throw new InputError(
      `an epoch of ${indices.length} pictures holds no whole batch of ${batchSize}; take a smaller batchSize, or keep the last.`,
      { length: indices.length, batchSize },
    );
}

function checkDataset(dataset: Dataset): void {
  checkObjects({ 'a dataset': dataset });
  const { read, labels, length, name } = dataset;
  checkStrings({ 'the name of a dataset': name });
  checkFunctions({ 'read of a dataset': read });
  checkIntegers({ 'the length of a dataset': length }, { least: 0 });
  if (labels?.length !== length)
    throw new InputError(
      `${name} must have a label for each of its ${length} pictures, but it has ${labels?.length ?? 'none'}.`,
      { length, labels: labels?.length },
    );
}

/** Of a set of one's own they are whatever JavaScript put there, and an Int32Array would make 0 of it in silence. */
function checkLabels({ name, labels }: Dataset, indices: ArrayLike<number>): void {
  const { length } = indices;
  for (let i = 0; i < length; i++) {
    const index = indices[i]!;
    const label: unknown = labels[index];
    if (!(Number.isInteger(label) && (label as number) >= 0 && (label as number) < 2 ** 31))
      throw new InputError(
        `${name} must have labels that are integers from 0 to 2^31 - 1, but labels[${index}] is ${shown(label)}.`,
        { index, label },
      );
  }
}
