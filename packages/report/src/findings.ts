/**
 * The three claims of Kang et al. 2020 (abstract, Sections 4.2-4.4), answered from one run's numbers. They are about training by
 * cross-entropy, so a run by another loss does not test them. A verdict follows from the criterion in its function's
 * docstring and from nothing else; each of them can come out "no", and "undecided" where what decides is no larger than
 * the noise of the test pictures. "Clearly" is defined in comparison.ts.
 */
import { compare, compareColumns, detectable } from './comparison.ts';
import { classifierName, percent, points } from './format.ts';
import { GROUPS, type Group, type Results, type Row } from './results.ts';
import {
  bestRow,
  INSTANCE_BALANCED,
  jointRow,
  rebalancedRows,
  type ScoreColumn,
  samplersOf,
} from './selection.ts';

export type Verdict = 'yes' | 'no' | 'mixed' | 'undecided' | 'not tested';

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

/** Of stage 1, in the paper. */
const LOSS = 'cross-entropy';

/** The share of the joint head's gap between head and tail that counts as recovered. */
const RECOVERED = 0.25;

const scoreText = (row: Row, column: ScoreColumn = 'all') => `${percent(row.scores[column])} %`;
const shotText = (group: Group) => `${group}-shot`;

/** More than all of a gap is no more than all of it. */
const shareText = (share: number) =>
  share >= 1 ? 'all' : share <= 0 ? 'nothing' : `${Math.round(100 * share)} %`;

/** What an undecided comparison could have shown; '' of any other. */
function resolution(
  results: Results,
  [row, other]: readonly [Row, Row],
  column: ScoreColumn = 'all',
): string {
  const smallest = detectable(results, row, other, column);
  if (smallest === undefined || compare(results, row, other, column) !== 0) return '';
  if (smallest >= 1) return ' These test pictures are too few to show any difference.';
  return ` These test pictures would most likely have shown a difference of ${percent(smallest)} points.`;
}

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
 * no re-sampled representation is clearly better (all, best re-balanced classifier of each). no: the tail clearly falls.
 * mixed: it rises, but by less, or a re-sampled representation is clearly better. undecided: it neither clearly rises nor falls,
 * or the gap itself is not clear.
 */
function imbalanceSparesRepresentation(results: Results): Omit<Finding, 'claim'> {
  const joint = jointRow(results, INSTANCE_BALANCED);
  const best = bestRow(rebalancedRows(results, INSTANCE_BALANCED));
  if (!joint || !best)
    return untested('It takes a joint and a re-balanced classifier on instance-balanced features.');
  const [head, ...others] = GROUPS.filter((group) => joint.scores[group] !== null);
  const tail = others.at(-1);
  if (!head || !tail)
    return untested('It takes a test of head and tail classes; this one has a single group.');
  const gap = joint.scores[head]! - joint.scores[tail]!;
  const isGap = compareColumns(results, joint, head, tail);
  if (isGap < 0)
    return untested('The joint head leaves no gap between head and tail classes that could be closed.');
  const share = (best.scores[tail]! - joint.scores[tail]!) / gap;
  const resampled = rivals(results, INSTANCE_BALANCED);
  const above = resampled.find((other) => compare(results, other, best) > 0);
  const rival = above ?? resampled[0];
  const change = isGap && compare(results, best, joint, tail);
  const risen = share >= RECOVERED && !above ? 'yes' : 'mixed';
  const verdict = ({ 1: risen, 0: 'undecided', [-1]: 'no' } as const)[change];
  const closed = isGap ? `, which is ${shareText(share)} of the gap` : '; that gap is within the noise';
  const versus = rival
    ? ` On all classes they reach ${scoreText(best)}; features learned with ${rival.sampler} sampling, at their best, ${scoreText(rival)}.`
    : '';
  return {
    verdict,
    sentence:
      `On instance-balanced features the joint head reaches ${scoreText(joint, head)} ${shotText(head)} but ` +
      `${scoreText(joint, tail)} ${shotText(tail)}; on the same frozen features ${classifierName(best.classifier)} ` +
      `reaches ${scoreText(best, tail)} ${shotText(tail)}${closed}.${versus}${resolution(results, [best, joint], tail)}`,
  };
}

/**
 * Claim 2. A representation is measured by its best re-balanced classifier, overall accuracy.
 * yes: instance-balanced is clearly above every other sampler. no: some other sampler is clearly above it.
 * undecided: neither. not tested: fewer than two samplers, or it is not among them.
 */
function instanceBalancedIsBest(results: Results): Omit<Finding, 'claim'> {
  const own = rebalancedRows(results, INSTANCE_BALANCED);
  const best = bestRow(own);
  const [rival, ...further] = rivals(results, INSTANCE_BALANCED);
  if (!best || !rival)
    return untested(
      'It takes instance-balanced and one other sampler, each with a re-balanced classifier; this run has no such pair.',
    );
  const shared = own.filter((row) => others(results, row).length > 0);
  const first = shared.filter((row) => others(results, row).every((o) => row.scores.all >= o.scores.all));
  // The better rival need not be the more clearly different one: its interval may be the wider.
  const signs = [rival, ...further].map((other) => ({ other, sign: compare(results, best, other) }));
  const { other: deciding, sign } = signs.reduce((least, one) => (one.sign < least.sign ? one : least));
  const decided =
    deciding === rival ? '' : ` ${deciding.sampler}, at ${scoreText(deciding)}, is what decides.`;
  return {
    verdict: ({ 1: 'yes', 0: 'undecided', [-1]: 'no' } as const)[sign],
    sentence:
      `Under its best classifier (${classifierName(best.classifier)}) the instance-balanced representation reaches ` +
      `${scoreText(best)} on all classes; the best other one, ${rival.sampler} with ` +
      `${classifierName(rival.classifier)}, ${scoreText(rival)}. Classifier by classifier it comes first ` +
      `with ${first.length} of ${shared.length}.${decided}${resolution(results, [best, deciding])}`,
  };
}

/** The same classifier on the other representations. */
function others(results: Results, row: Row): Row[] {
  return results.rows.filter((other) => other.classifier === row.classifier && other.sampler !== row.sampler);
}

/**
 * Claim 3, on the instance-balanced representation: its best re-balanced classifier.
 * yes: overall it is clearly above its own joint head and not clearly below any sampler's joint head, and the tail is
 * not clearly lower. no: it is clearly below it, overall or on the tail, and nowhere clearly above. undecided: neither above
 * nor below. mixed: anything else.
 */
function classifierAloneSuffices(results: Results): Omit<Finding, 'claim'> {
  const sampler = INSTANCE_BALANCED;
  const joint = jointRow(results, sampler);
  const own = rebalancedRows(results, sampler);
  const best = bestRow(own);
  if (!joint || !best)
    return untested('It takes a joint and a re-balanced classifier on instance-balanced features.');
  const tail = GROUPS.findLast((group) => joint.scores[group] !== null) ?? 'all';
  const rival = bestRow(results.rows.filter((row) => row.classifier === 'joint' && row.sampler !== sampler));
  const [overall, onTail] = [compare(results, best, joint), compare(results, best, joint, tail)];
  const matched = rival === undefined || compare(results, best, rival) >= 0;
  const verdict = verdictOf(overall, onTail, matched);
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
      `${beat} of ${own.length} re-balanced classifiers are clearly above the joint head.${versus}${resolution(results, [best, joint])}`,
  };
}

function verdictOf(overall: number, onTail: number, matched: boolean): Verdict {
  if (overall > 0 && onTail >= 0 && matched) return 'yes';
  if (overall === 0 && onTail === 0) return 'undecided';
  return overall <= 0 && onTail <= 0 ? 'no' : 'mixed';
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
  const { loss } = results.protocol ?? {};
  if (loss !== LOSS) {
    const found = loss === undefined ? 'these results do not say their loss' : `this run's loss is ${loss}`;
    return CLAIMS.map((claim) => ({
      claim,
      ...untested(`The claim is about training by ${LOSS}; ${found}.`),
    }));
  }
  const answers = [imbalanceSparesRepresentation, instanceBalancedIsBest, classifierAloneSuffices];
  return answers.map((answer, i) => ({ claim: CLAIMS[i]!, ...answer(results) }));
}
