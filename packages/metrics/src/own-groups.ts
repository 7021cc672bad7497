/** Groups of one's own: by other numbers of training images, or by ranges of classes, as the CIFAR-LT papers print them. */
import { asCounts, checkIntegers, checkObjects, checkOptions, InputError, shown } from '@longtail/core';
import { type Groups, groupedBy } from './groups.ts';

/**
 * @param trainCounts n_c, shape [C]
 * @param options.manyAbove many-shot classes have more images
 * @param options.fewBelow few-shot classes have fewer
 * @throws InputError for a count or a threshold that is not an integer >= 0, or where a class could be both
 * @example
 * thresholdGroups([500, 50, 5], { manyAbove: 200, fewBelow: 60 }); // { many: [0], medium: [], few: [1, 2] }
 */
export function thresholdGroups(
  trainCounts: ArrayLike<number>,
  options: { manyAbove: number; fewBelow: number },
): Groups {
  const { manyAbove, fewBelow } = checkOptions(options, { of: 'thresholdGroups' });
  checkIntegers({ manyAbove, fewBelow }, { least: 0 });
  if (fewBelow > manyAbove + 1)
    throw new InputError(
      `fewBelow must be at most manyAbove + 1, or a class could be both, but they are ${fewBelow} and ${manyAbove}.`,
    );
  return groupedBy(asCounts(trainCounts), { isMany: (n) => n > manyAbove, isFew: (n) => n < fewBelow });
}

/** [first, before]: classes first, first + 1, ..., before - 1. */
export type ClassRange = readonly [first: number, before: number];

/**
 * @param ranges by the names of the groups; CIFAR-100-LT is often cut at 36 and 71
 * @returns the classes of each group, ascending
 * @throws InputError for a range that is not two integers 0 <= first <= before <= C, or a class in two groups
 * @example
 * rangeGroups({ many: [0, 36], medium: [36, 71], few: [71, 100] }, { numClasses: 100 });
 */
export function rangeGroups<Name extends string>(
  ranges: Readonly<Record<Name, ClassRange>>,
  options: { numClasses: number },
): Record<Name, number[]> {
  const { numClasses } = checkOptions(options, { of: 'rangeGroups' });
  checkIntegers({ numClasses }, { most: 2 ** 27 });
  checkObjects({ ranges });
  const owners = new Map<number, string>();
  const groups = Object.entries<ClassRange>(ranges).map(([name, range]) => {
    const classes = classesOf(range, { name, numClasses });
    for (const c of classes) {
      if (owners.has(c))
        throw new InputError(
          `a class must be in one group, but class ${c} is in ${owners.get(c)} and ${name}.`,
        );
      owners.set(c, name);
    }
    return [name, classes];
  });
  return Object.fromEntries(groups);
}

function classesOf(range: ClassRange, { name, numClasses }: { name: string; numClasses: number }): number[] {
  const [first = Number.NaN, before = Number.NaN]: readonly number[] = Array.isArray(range) ? range : [];
  const isRange = Number.isInteger(first) && Number.isInteger(before) && range.length === 2;
  if (!isRange || first < 0 || before < first || before > numClasses)
    throw new InputError(
      `the range ${name} must be [first, before] in 0 .. ${numClasses}, but it is ${Array.isArray(range) ? `[${range.map(shown).join(', ')}]` : shown(range)}.`,
    );
  return Array.from({ length: before - first }, (_, i) => first + i);
}
