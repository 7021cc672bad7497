/** Rows that are not finite are refused by number, or left out and said. */
import { DataError } from '@longtail/core';
import { notFinite } from './audit.ts';
import { type Part, rowsWhere } from './part.ts';
import type { PartName, Parts } from './read-parts.ts';

/** The parts that are there, by name. */
export const named = ({ train, validation, test }: Parts): [PartName, Part][] => [
  ['train', train],
  ...(validation ? [['validation', validation] as [PartName, Part]] : []),
  ...(test ? [['test', test] as [PartName, Part]] : []),
];

/** Without rows that are not finite. @throws DataError naming them, unless they are to be dropped */
export function finiteParts(parts: Parts, dropBad: boolean): Parts {
  const changed: Partial<Record<PartName, Part>> = {};
  const notes = [...parts.notes];
  for (const [name, part] of named(parts)) {
    const bad = notFinite(part);
    if (bad.length === 0) continue;
    const rows = Array.from(bad.subarray(0, 10), (row) => part.places[row]).join(', ');
    const which = `${bad.length} of ${part.labels.length} rows of ${part.source}: ${rows}${bad.length > 10 ? ', ...' : ''} (from 0)`;
    if (!dropBad)
      throw new DataError(
        `expected finite features, but NaN or infinities are in ${which}; mend them (float32 ends at 3.4e38: scale what is larger), or leave them out with --drop-bad.`,
      );
    const isBad = new Set(bad);
    changed[name] = rowsWhere(part, (row) => !isBad.has(row));
    notes.push(`left out by --drop-bad, not finite: ${which}.`);
    if (changed[name].labels.length === 0)
      throw new DataError(`expected finite rows in ${part.source}, but there is none among ${bad.length}.`);
  }
  return { ...parts, ...changed, notes };
}
