/** What there is to say of the rows, in sentences. */
import { auditNotes, type Finding } from './audit.ts';
import type { KnownParts } from './known-classes.ts';
import { longNotes } from './long-fits.ts';
import type { Suspects } from './suspects.ts';

const shortList = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`;

export function notesOf(parts: KnownParts, findings: readonly Finding[], suspects?: Suspects): string[] {
  const { absent, counts, test, train, classNames } = parts;
  const single = counts.filter((n) => n === 1).length;
  const tested = new Set(test?.labels ?? train.labels);
  const untested = classNames.length - tested.size;
  return [
    ...parts.notes,
    ...longNotes([train.labels.length, train.dim], classNames.length),
    ...auditNotes(findings),
    ...(suspects?.notes ?? []),
    ...(absent.length > 0
      ? [`classes without a training row, which no head answers: ${absent.length} (${shortList(absent)}).`]
      : []),
    ...(single > 0
      ? [`classes of one training row${test ? '' : ', which is fitted and never tested'}: ${single}.`]
      : []),
    ...(untested > 0 ? [`classes without a test row, of which there are no scores: ${untested}.`] : []),
    ...(test ? [] : ['no test part was given: every row is tested by one of 5 stratified folds.']),
  ];
}
