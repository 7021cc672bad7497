/** A feature set out of what a format can do: the checks that all of them share. */
import { basename } from 'node:path';
import { DataError, InputError } from '@longtail/core';
import type { FeatureSet } from './feature-set.ts';
import type { OpenFile } from './open-file.ts';

/** 4 GiB of float32: what one call may ask for. */
const MAX_ELEMENTS = 2 ** 30;

/** @throws DataError unless there are no labels, or one a row */
export function featureSet(
  file: OpenFile,
  {
    length,
    dim,
    labels,
    read,
  }: {
    length: number;
    dim: number;
    labels: Int32Array | undefined;
    read: (start: number, end: number) => Promise<Float32Array>;
  },
): FeatureSet {
  const { path } = file;
  if (labels && labels.length !== length)
    throw new DataError(
      `${path}: expected one label a row, but there are ${labels.length} labels for ${length} rows.`,
      { path, labels: labels.length, rows: length },
    );
  return {
    name: basename(path),
    length,
    dim,
    ...(labels && { labels }),
    async rows(start, end) {
      checkRange(path, { start, end, length, dim });
      return start === end ? new Float32Array(0) : read(start, end);
    },
    close: () => file.close(),
  };
}

function checkRange(
  path: string,
  { start, end, length, dim }: { start: number; end: number; length: number; dim: number },
): void {
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length))
    throw new InputError(
      `${path}: expected rows [start, end) within [0, ${length}), but [${start}, ${end}) was asked for.`,
      { path, start, end, length },
    );
  if ((end - start) * dim > MAX_ELEMENTS)
    throw new InputError(
      `${path}: expected at most ${MAX_ELEMENTS} elements in one call, but ${end - start} rows of ${dim} were asked for; read fewer rows at once.`,
      { path, start, end, dim },
    );
}
