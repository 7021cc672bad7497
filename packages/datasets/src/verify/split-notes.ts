/** What is worth knowing of a set's splits and is no problem: classes without a picture, files that are not taken. */
import { checkSplits } from '../checked-dataset.ts';
import type { Dataset } from '../dataset.ts';
import { type LeftOut, leftOutText } from '../lists/left-out.ts';
import { lackingClasses } from '../splits.ts';
import type { Finding, NoteKind } from './problems.ts';

/** Of a list of names so many are said. */
const MOST_NAMES = 10;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more.toLocaleString('en')} more` : '');
}

/**
 * @returns a sentence a fact, split by split
 * @example
 * splitNotes({ train, test }); // [{ kind: 'classes', message: 'test has no picture of 1 class: bee.' }]
 */
export function splitNotes(splits: { readonly [split: string]: Dataset | undefined }): Finding<NoteKind>[] {
  checkSplits(splits);
  const notes: Finding<NoteKind>[] = [];
  for (const [split, set] of Object.entries(splits)) {
    if (!set) continue;
    const lacking = lackingClasses(set, splits.train ?? set);
    const classes = lacking.length === 1 ? 'class' : 'classes';
    if (lacking.length > 0) {
      const count = lacking.length.toLocaleString('en');
      notes.push({
        kind: 'classes',
        message: `${split} has no picture of ${count} ${classes}: ${listed(lacking)}.`,
      });
    }
    const { leftOut } = set as { leftOut?: LeftOut };
    if (leftOut && leftOut.total > 0)
      notes.push({ kind: 'left out', message: `left out of ${split}: ${leftOutText(leftOut)}.` });
  }
  return notes;
}
