/**
 * Many-shot, medium-shot and few-shot classes, by their number of TRAINING images. The papers' rules differ at the
 * edges, so a rule has a name, and results carry it.
 */
import { InputError } from '@longtail/core';

export interface Groups {
  readonly many: readonly number[];
  readonly medium: readonly number[];
  readonly few: readonly number[];
}

/** 'official' (Kang et al. and most others): > 100, < 20. 'oltr': >= 100, <= 20. 'mislas' (on Places-LT): > 100, <= 20. */
export type GroupRule = 'official' | 'oltr' | 'mislas';

const RULES: Record<GroupRule, { isMany: (n: number) => boolean; isFew: (n: number) => boolean }> = {
  official: { isMany: (n) => n > 100, isFew: (n) => n < 20 },
  oltr: { isMany: (n) => n >= 100, isFew: (n) => n <= 20 },
  mislas: { isMany: (n) => n > 100, isFew: (n) => n <= 20 },
};

/**
 * @param trainCounts n_c, shape [C]
 * @returns the classes of each group, ascending
 * @throws InputError for an unknown rule
 * @example
 * classGroups([500, 50, 5]); // { many: [0], medium: [1], few: [2] }
 */
export function classGroups(
  trainCounts: ArrayLike<number>,
  { groupRule = 'official' }: { groupRule?: GroupRule } = {},
): Groups {
  if (!(groupRule in RULES))
    throw new InputError(
      `the group rule must be one of ${Object.keys(RULES).join(', ')}, but it is ${groupRule}.`,
    );
  const { isMany, isFew } = RULES[groupRule];
  const groups = { many: [] as number[], medium: [] as number[], few: [] as number[] };
  for (let c = 0; c < trainCounts.length; c++) {
    const n = trainCounts[c]!;
    (isMany(n) ? groups.many : isFew(n) ? groups.few : groups.medium).push(c);
  }
  return groups;
}
