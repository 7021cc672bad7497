/**
 * The three claims of Kang et al. 2020 (abstract, Sections 4.2-4.4), answered from one run's numbers. A verdict follows
 * from the criterion in its function's docstring and from nothing else; each of them can come out "no".
 * "Clearly" is defined in comparison.ts.
 */
import type { Results, Row } from '../results.ts';
import { GROUPS, type Group } from './classes.ts';
import { compare } from './comparison.ts';
import { classifierName, percent, points } from './format.ts';
import {
  bestRow,
  INSTANCE_BALANCED,
  jointRow,
  rebalancedRows,
  referenceSampler,
  type ScoreColumn,
  samplersOf,
} from './selection.ts';

export type Verdict = 'yes' | 'no' | 'mixed' | 'not tested';

export interface Finding {
  readonly claim: string;
  readonly verdict: Verdict;
  /** What the verdict rests on, with the numbers. */
  readonly sentence: string;
}

const CLAIMS = [
  'Imbalance need not hurt the representation.',
  'Instance-balanced sampling learns the best representation.',
  'Re-balancing the classifier alone, afterwards, reaches strong long-tailed accuracy.',
] as const;

/** The share of the joint head's gap between head and tail that counts as recovered. */
const RECOVERED = 0.25;

const scoreText = (row: Row, column: ScoreColumn = 'all') => `${percent(row.scores[column])} %`;
const shotText = (group: Group) => `${group}-shot`;

/** The best re-balanced row of each sampler other than `sampler`, the best first. */
function rivals(results: Results, sampler: string): Row[] {
  return samplersOf(results)
    .filter((other) => other !== sampler)
    .flatMap((other) => bestRow(rebalancedRows(results, other)) ?? [])
    .sort((a, b) => b.scores.all - a.scores.all);
}

/**
 * Claim 1. The features are learned under the full imbalance and then frozen, so whatever a re-balanced classifier gains on the
 * tail was in them. Tail and head: the last and first groups that have classes.
 * yes: re-balancing clearly raises the tail, by at least a quarter of the joint head's gap between head and tail, and
 * no re-sampled representation is clearly better (all, best re-balanced classifier of each). no: the tail does not
 * clearly rise. mixed: it rises, but by less, or a re-sampled representation is clearly better.
 */
function imbalanceSparesRepresentation(results: Results): Omit<Finding, 'claim'> {
  const joint = jointRow(results, INSTANCE_BALANCED);
  const best = bestRow(rebalancedRows(results, INSTANCE_BALANCED));
  if (!joint || !best)
    return untested('It takes a joint and a re-balanced classifier on instance-balanced features.');
  const [head, ...others] = GROUPS.filter((group) => joint.scores[group] !== null);
  const tail = others.at(-1);
  const gap = head && tail ? joint.scores[head]! - joint.scores[tail]! : 0;
  if (!head || !tail || gap <= 0)
    return untested('The joint head leaves no gap between head and tail classes that could be closed.');
  const share = (best.scores[tail]! - joint.scores[tail]!) / gap;
  const rival = rivals(results, INSTANCE_BALANCED)[0];
  const rises = compare(results, best, joint, tail) > 0;
  const outdone = rival !== undefined && compare(results, rival, best) > 0;
  const verdict = rises ? (share >= RECOVERED && !outdone ? 'yes' : 'mixed') : 'no';
  const versus = rival
    ? ` On all classes they reach ${scoreText(best)}; features learned with ${rival.sampler} sampling, at their best, ${scoreText(rival)}.`
    : '';
  return {
    verdict,
    sentence:
      `On instance-balanced features the joint head reaches ${scoreText(joint, head)} ${shotText(head)} but ` +
      `${scoreText(joint, tail)} ${shotText(tail)}; on the same frozen features ${classifierName(best.classifier)} ` +
      `reaches ${scoreText(best, tail)} ${shotText(tail)}, which is ${Math.round(100 * share)} % of the gap.${versus}`,
  };
}

/**
 * Claim 2. A representation is measured by its best re-balanced classifier, overall accuracy.
 * yes: instance-balanced is clearly above every other sampler. no: some other sampler is clearly above it.
 * mixed: it ties with the best of the others. not tested: fewer than two samplers, or it is not among them.
 */
function instanceBalancedIsBest(results: Results): Omit<Finding, 'claim'> {
  const own = rebalancedRows(results, INSTANCE_BALANCED);
  const best = bestRow(own);
  const rival = rivals(results, INSTANCE_BALANCED)[0];
  if (!best || !rival)
    return untested(
      'It takes instance-balanced and one other sampler, each with a re-balanced classifier; this run has no such pair.',
    );
  const shared = own.filter((row) => others(results, row).length > 0);
  const first = shared.filter((row) => others(results, row).every((o) => row.scores.all >= o.scores.all));
  return {
    verdict: ({ 1: 'yes', 0: 'mixed', [-1]: 'no' } as const)[compare(results, best, rival)],
    sentence:
      `Under its best classifier (${classifierName(best.classifier)}) the instance-balanced representation reaches ` +
      `${scoreText(best)} on all classes; the best other one, ${rival.sampler} with ` +
      `${classifierName(rival.classifier)}, ${scoreText(rival)}. Classifier by classifier it comes first ` +
      `with ${first.length} of ${shared.length}.`,
  };
}

/** The same classifier on the other representations. */
function others(results: Results, row: Row): Row[] {
  return results.rows.filter((other) => other.classifier === row.classifier && other.sampler !== row.sampler);
}

/**
 * Claim 3, on the instance-balanced representation (the first one where that is absent): its best re-balanced classifier.
 * yes: overall it is clearly above its own joint head and not clearly below any sampler's joint head, and the tail is
 * not clearly lower. no: neither overall nor on the tail is it clearly above its joint head. mixed: anything else.
 */
function classifierAloneSuffices(results: Results): Omit<Finding, 'claim'> {
  const sampler = referenceSampler(results);
  const joint = jointRow(results, sampler);
  const own = rebalancedRows(results, sampler);
  const best = bestRow(own);
  if (!joint || !best)
    return untested('It takes a joint and a re-balanced classifier on one representation.');
  const tail = GROUPS.findLast((group) => joint.scores[group] !== null) ?? 'all';
  const rival = bestRow(results.rows.filter((row) => row.classifier === 'joint' && row.sampler !== sampler));
  const [overall, onTail] = [compare(results, best, joint), compare(results, best, joint, tail)];
  const matched = rival === undefined || compare(results, best, rival) >= 0;
  const verdict =
    overall > 0 && onTail >= 0 && matched ? 'yes' : overall <= 0 && onTail <= 0 ? 'no' : 'mixed';
  const beat = own.filter((row) => compare(results, row, joint) > 0).length;
  const tailText =
    tail === 'all' ? '' : ` and from ${scoreText(joint, tail)} to ${scoreText(best, tail)} ${shotText(tail)}`;
  const versus = rival
    ? ` The best joint training with another sampler (${rival.sampler}) reaches ${scoreText(rival)}.`
    : '';
  return {
    verdict,
    sentence:
      `On ${sampler} features, ${classifierName(best.classifier)} instead of the joint head takes the accuracy on all classes ` +
      `from ${scoreText(joint)} to ${scoreText(best)} (${points(best.scores.all - joint.scores.all)} points)${tailText}; ` +
      `${beat} of ${own.length} re-balanced classifiers are clearly above the joint head.${versus}`,
  };
}

function untested(sentence: string): Omit<Finding, 'claim'> {
  return { verdict: 'not tested', sentence };
}

/**
 * The paper's three claims, in order, each with a verdict computed from `results` and the numbers behind it.
 *
 * @example
 * for (const { claim, verdict, sentence } of findings(results)) console.log(`${claim} ${verdict}: ${sentence}`);
 */
export function findings(results: Results): Finding[] {
  const answers = [imbalanceSparesRepresentation, instanceBalancedIsBest, classifierAloneSuffices];
  return answers.map((answer, i) => ({ claim: CLAIMS[i]!, ...answer(results) }));
}
