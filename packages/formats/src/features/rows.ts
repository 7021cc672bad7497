/** A feature set out of what a format can do: the checks that all of them share. */
import { DataError } from '@longtail/core';
import { closable } from '../closable.ts';
import { checkRange } from '../row-range.ts';
import type { Source } from '../source.ts';
import type { FeatureSet } from './feature-set.ts';
import type { LabelSet } from './labels.ts';

/** @throws DataError unless there are no labels, or one a row */
export function featureSet(
  source: Source,
  {
    length,
    dim,
    columns,
    labelled,
    notes,
    read,
  }: {
    length: number;
    dim: number;
    columns?: readonly string[] | undefined;
    labelled: LabelSet | undefined;
    notes: readonly string[];
    read: (start: number, end: number) => Promise<Float32Array>;
  },
): FeatureSet {
  const { path } = source;
  const { whileOpen, ...closing } = closable(source);
  const labels = labelled?.labels;
  if (labels && labels.length !== length)
    throw new DataError(
      `${path}: expected one label a row, but there are ${labels.length} labels for ${length} rows; name others with \`labels\`, or none: \`labels: false\`.`,
      { path, labels: labels.length, rows: length },
    );
  return {
    name: path.split(/[/\\]/).at(-1)!,
    length,
    dim,
    ...(columns && { columns }),
    ...labelled,
    notes,
    rows: whileOpen(async (start: number, end: number) => {
      checkRange(path, { start, end, length, width: dim });
      return start === end ? new Float32Array(0) : read(start, end);
    }),
    ...closing,
  };
}
