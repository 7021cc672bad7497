/**
 * Many-shot, medium-shot and few-shot classes, by their number of TRAINING images. The papers' rules differ at the
 * edges, so a rule has a name, and results carry it.
 */
import { asCounts, checkOneOf, checkOptions } from '@longtail/core';

export interface Groups {
  readonly many: readonly number[];
  readonly medium: readonly number[];
  readonly few: readonly number[];
}

/** 'official' (Kang et al. and most others): > 100, < 20. 'oltr': >= 100, <= 20. 'mislas' (on Places-LT): > 100, <= 20. */
export type GroupRule = 'official' | 'oltr' | 'mislas';

export type Rule = { isMany: (n: number) => boolean; isFew: (n: number) => boolean };

const RULES: Record<GroupRule, Rule> = {
  official: { isMany: (n) => n > 100, isFew: (n) => n < 20 },
  oltr: { isMany: (n) => n >= 100, isFew: (n) => n <= 20 },
  mislas: { isMany: (n) => n > 100, isFew: (n) => n <= 20 },
};

/**
 * @param trainCounts n_c, shape [C]
 * @returns the classes of each group, ascending
 * @throws InputError for an unknown rule, or a count that is not an integer >= 0
 * @example
 * classGroups([500, 50, 5]); // { many: [0], medium: [1], few: [2] }
 */
export function classGroups(trainCounts: ArrayLike<number>, options: { groupRule?: GroupRule } = {}): Groups {
  const { groupRule = 'official' } = checkOptions(options, { of: 'classGroups' });
  const rule = ruleOf(groupRule);
  return groupedBy(asCounts(trainCounts), rule);
}

/** @throws InputError for an unknown one */
export function ruleOf(groupRule: GroupRule): Rule {
  checkOneOf({ groupRule }, Object.keys(RULES));
  return RULES[groupRule];
}

export function groupedBy(counts: Float64Array, { isMany, isFew }: Rule): Groups {
  const groups = { many: [] as number[], medium: [] as number[], few: [] as number[] };
  for (let c = 0; c < counts.length; c++) {
    const n = counts[c]!;
    (isMany(n) ? groups.many : isFew(n) ? groups.few : groups.medium).push(c);
  }
  return groups;
}
