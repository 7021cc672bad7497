/** What a loader may be asked for, found out before anything is read. */
import {
  checkFunctions,
  checkIntegers,
  checkOneOf,
  checkOptions,
  checkPositions,
  InputError,
  random,
  shown,
} from '@longtail/core';
import { expectMaxPixels } from '../arguments.ts';
import type { BatchesOptions } from '../batches.ts';
import { checkDataset } from '../checked-dataset.ts';
import type { Dataset } from '../dataset.ts';
import { type Part, WHOLE } from './plan.ts';

/** @throws InputError naming the first argument or option that is out of range */
export function checkRequest(dataset: Dataset, indices: ArrayLike<number>, options: BatchesOptions): void {
  checkDataset(dataset);
  checkPositions(indices, { length: dataset.length, of: dataset.name });
  checkLabels(dataset, indices);
  const { batchSize, transform, start = 0, dropLast = false } = checkOptions(options, { of: 'batches' });
  const { seed = 0, epoch = 0, workers = 0, prefetch = 1, maxBadImages = 0 } = options;
  const { onBadImage = 'fail', orient = false, maxPixels = 1, part = WHOLE } = options;
  random(seed);
  checkIntegers({ batchSize, prefetch });
  checkIntegers({ epoch, workers }, { least: 0 });
  checkIntegers({ start }, { least: 0, most: indices.length });
  if (maxBadImages !== Number.POSITIVE_INFINITY) checkIntegers({ maxBadImages }, { least: 0 });
  expectMaxPixels(maxPixels);
  checkOneOf({ onBadImage }, ['fail', 'skip']);
  checkOneOf({ dropLast, orient }, [true, false]);
  if (transform !== undefined) checkFunctions({ transform });
  checkPart(part);
  if (dropLast && indices.length < batchSize)
    throw new InputError(
      `an epoch of ${indices.length} pictures holds no whole batch of ${batchSize}; take a smaller batchSize, or keep the last.`,
      { length: indices.length, batchSize },
    );
}

function checkPart(part: Part): void {
  const { rank, ranks } = checkOptions(part, { of: 'part' });
  checkIntegers({ ranks });
  checkIntegers({ rank }, { least: 0, most: ranks - 1 });
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
