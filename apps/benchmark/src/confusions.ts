/** What the predictions of a head take for what: by group, and the pairs of classes that are confused most. */
import { confusedPairs, confusionMatrix } from '@longtail/metrics';
import type { Confusion, Group, GroupConfusion } from '@longtail/report/results';
import { GROUPS } from '@longtail/report/results';

/** Pairs that are kept of each head. */
const MOST_PAIRS = 20;

type Groups = Readonly<Record<Group, readonly number[]>>;

function byGroup(predictions: Int32Array, labels: Int32Array, groups: Groups): GroupConfusion[] {
  const groupOf = new Map(GROUPS.flatMap((group) => groups[group].map((label) => [label, group] as const)));
  const found = new Map(
    GROUPS.map((group) => [group, { group, right: 0, wrong: { many: 0, medium: 0, few: 0 } }]),
  );
  for (const [i, label] of labels.entries()) {
    const of = found.get(groupOf.get(label)!)!;
    if (predictions[i] === label) of.right += 1;
    else of.wrong[groupOf.get(predictions[i]!)!] += 1;
  }
  return [...found.values()];
}

/**
 * @param predictions class of each test picture, shape [N]
 * @param labels its true class, shape [N]
 */
export function confusionOf(
  predictions: Int32Array,
  labels: Int32Array,
  { groups, numClasses }: { groups: Groups; numClasses: number },
): Pick<Confusion, 'groups' | 'pairs'> {
  const pairs = confusedPairs(confusionMatrix(predictions, labels, { numClasses }), { most: MOST_PAIRS });
  return {
    groups: byGroup(predictions, labels, groups),
    pairs: pairs.map(({ truth, prediction, count, share }) => ({ truth, prediction, count, share })),
  };
}
