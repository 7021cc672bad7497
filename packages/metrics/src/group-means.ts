/** The mean of a class score in each group of classes. */
import { asLabels, checkLists, checkObjects, InputError, shown } from '@longtail/core';
import { meanAt } from './mean.ts';

/** Classes by the names of their groups; a group may be empty. */
export type NamedGroups = Readonly<Record<string, ArrayLike<number>>>;

/** @throws InputError naming the group that holds what is no class */
export function checkGroups(groups: NamedGroups, { numClasses }: { numClasses: number }): void {
  checkObjects({ groups });
  for (const [name, classes] of Object.entries(groups)) {
    checkLists({ [`the group ${name}`]: classes });
    if (classes.length > 0) asLabels(classes, { numClasses, name: `the group ${name}` });
  }
}

/**
 * @param perClass a score a class, null where it has none, shape [C]
 * @param groups of {@link classGroups}, {@link thresholdGroups}, {@link rangeGroups} or one's own
 * @returns the mean over the classes with a score; null for a group without such a class, never 0
 * @throws InputError for a score that is no number, or a class outside [0, C)
 * @example
 * groupMeans([1, 0.5, null], classGroups([500, 50, 5])); // { many: 1, medium: 0.5, few: null }
 */
export function groupMeans<Groups extends object>(
  perClass: ArrayLike<number | null>,
  groups: Groups,
): { [Name in keyof Groups]: number | null } {
  checkLists({ perClass });
  for (let c = 0; c < perClass.length; c++)
    if (perClass[c] !== null && !Number.isFinite(perClass[c]))
      throw new InputError(
        `perClass must hold numbers or null, but the score of class ${c} is ${shown(perClass[c])}.`,
      );
  const named = groups as unknown as NamedGroups;
  checkGroups(named, { numClasses: Math.max(perClass.length, 1) });
  const means = Object.entries(named).map(([name, classes]) => [name, meanAt(perClass, classes)]);
  return Object.fromEntries(means);
}
