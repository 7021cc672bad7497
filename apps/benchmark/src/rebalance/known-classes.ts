/** Classes by the training rows: those without one are left out, and rows of them elsewhere are refused. */
import { classCounts, DataError } from '@longtail/core';
import type { Part } from './part.ts';
import type { Parts } from './read-parts.ts';

export interface KnownParts extends Parts {
  /** n_c of the training rows, none of them 0, shape [C]. */
  readonly counts: Int32Array;
  /** Names of classes without a training row. */
  readonly absent: readonly string[];
}

/**
 * The same with classes numbered anew.
 *
 * @throws DataError where there is one class alone, or a test row's class has no training row
 */
export function knownClasses(parts: Parts): KnownParts {
  const { train, validation, test, classNames } = parts;
  const all = classCounts(train.labels, { numClasses: classNames.length });
  const present = classNames.flatMap((_, c) => (all[c]! > 0 ? [c] : []));
  if (present.length < 2)
    throw new DataError(
      `expected training rows of two classes at least, but all ${train.labels.length} rows of ${train.source} are of the class "${classNames[present[0]!]}"; with one class there is nothing to tell apart.`,
    );
  const numbers = new Int32Array(classNames.length).fill(-1);
  present.forEach((c, i) => {
    numbers[c] = i;
  });
  const renumbered = (part: Part): Part => {
    const unknown = part.labels.map((_, row) => row).filter((row) => numbers[part.labels[row]!] === -1);
    if (unknown.length > 0)
      throw new DataError(
        `expected classes that have training rows, but row ${part.places[unknown[0]!]} (from 0) of ${part.source} is of the class "${classNames[part.labels[unknown[0]!]!]}", which has none, and ${unknown.length - 1} more rows are like it; leave them out, or add training rows.`,
      );
    return { ...part, labels: part.labels.map((label) => numbers[label]!) };
  };
  return {
    ...parts,
    train: renumbered(train),
    ...(validation && { validation: renumbered(validation) }),
    ...(test && { test: renumbered(test) }),
    classNames: present.map((c) => classNames[c]!),
    counts: Int32Array.from(present, (c) => all[c]!),
    absent: classNames.filter((_, c) => all[c] === 0),
  };
}
