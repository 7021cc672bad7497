/** What a loader is asked for, and what it gives, whichever way the pictures are prepared. */
import { DataError } from '@longtail/core';

/** A batch to come. */
export interface Plan {
  /** Position in the epoch of the first picture. */
  readonly start: number;
  /** Positions in the dataset. */
  readonly indices: Int32Array;
}

/** A batch whose failed places hold nothing of use. */
export interface Prepared {
  readonly indices: Int32Array;
  /** Height, width, channels of a picture. */
  readonly shape: readonly [number, number, number];
  readonly pixels: Uint8Array;
  /** By place, ascending. */
  readonly failures: readonly { readonly place: number; readonly error: Error }[];
}

/** Which of equal parts of a batch. */
export interface Part {
  readonly rank: number;
  readonly ranks: number;
}

export const WHOLE: Part = { rank: 0, ranks: 1 };

export function* plansOf(
  indices: ArrayLike<number>,
  {
    batchSize,
    start,
    dropLast,
    part: { rank, ranks },
  }: { batchSize: number; start: number; dropLast: boolean; part: Part },
): Generator<Plan, void, undefined> {
  for (let first = start; first < indices.length; first += batchSize) {
    const size = Math.min(batchSize, indices.length - first);
    if (dropLast && size < batchSize) return;
    const at = (r: number) => first + Math.floor((size * r) / ranks);
    const [begin, end] = [at(rank), at(rank + 1)];
    yield { start: begin, indices: Int32Array.from({ length: end - begin }, (_, i) => indices[begin + i]!) };
  }
}

/** Whether a loader may go on without the picture. */
export const isBadImage = (error: unknown): error is DataError => error instanceof DataError;

/** Moves the pictures after each failed place forward, over it. @returns the indices of what is left */
export function withoutFailed({ indices, shape, pixels, failures }: Prepared): Int32Array {
  const size = shape[0] * shape[1] * shape[2];
  const failed = new Set(failures.map(({ place }) => place));
  let kept = 0;
  for (let place = 0; place < indices.length; place++) {
    if (failed.has(place)) continue;
    if (kept < place) pixels.copyWithin(kept * size, place * size, (place + 1) * size);
    kept++;
  }
  return indices.filter((_, place) => !failed.has(place));
}
