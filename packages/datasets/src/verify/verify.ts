/** Whether a set on disk is the published one, and whole. */
import { checkIntegers, checkLists, checkObjects, checkOneOf, checkOptions } from '@longtail/core';
import { expectCallbacks, expectPath, expectSignal } from '../arguments.ts';
import { checkSplits } from '../checked-dataset.ts';
import type { Published } from '../sets/published.ts';
import { checkDuplicates } from './duplicates.ts';
import { filedSplits } from './filed.ts';
import { checkPictures } from './pictures.ts';
import { collector, type NoteKind, type Notes, type ProblemKind, type Problems } from './problems.ts';
import { checkArchives, checkPublished, type Splits } from './published-facts.ts';
import { splitNotes } from './split-notes.ts';

export interface Verification {
  /** Pictures by split. */
  readonly pictures: Readonly<Record<string, number>>;
  /** Whether every picture was decoded, or its first bytes looked at. */
  readonly decoded: boolean;
  readonly problems: Problems;
  /** What is to be known and is no problem: classes that a split lacks, files that were left out, harmless duplicates. */
  readonly notes: Notes;
}

/**
 * Lists against their published checksums, class counts against the published ones, archives against their checksums,
 * every picture there and readable, no two of the same bytes in two splits or classes. Sets in memory were read whole when
 * they were opened.
 *
 * @param splits of the set
 * @param options.published what to compare with; absent: only whether the set is whole
 * @param options.archives files with published MD5
 * @param options.decode decode every picture; default: its first bytes
 * @param options.keep how many problems, and notes, are kept in words
 * @param options.onProgress with the pictures done and all of them
 * @param options.onCompare the same of those that are compared afterwards, because they look alike
 * @returns what was found; a bad picture is a problem, not an error
 * @throws the signal's reason when it is aborted
 * @example
 * const { problems } = await verify(await placesLT('/data/places'), { published: PLACES_LT });
 */
export async function verify(
  splits: Splits,
  options: {
    published?: Published;
    archives?: readonly { path: string; md5: string }[];
    decode?: boolean;
    keep?: number;
    onProgress?: (done: number, total: number) => void;
    onCompare?: (done: number, total: number) => void;
    signal?: AbortSignal;
  } = {},
): Promise<Verification> {
  checkSplits(splits);
  checkObjects(splits);
  const { published, archives = [], decode = false, keep = 10 } = checkOptions(options, { of: 'verify' });
  const { onProgress, onCompare, signal } = options;
  if (published !== undefined) checkObjects({ published, 'the lists of published': published?.lists });
  checkLists({ archives });
  for (const [i, archive] of archives.entries()) {
    checkObjects({ [`archives[${i}]`]: archive });
    expectPath(`the path of archives[${i}]`, archive.path);
  }
  checkOneOf({ decode }, [true, false]);
  checkIntegers({ keep }, { least: 0 });
  expectCallbacks({ onProgress, onCompare });
  expectSignal(signal);
  const [problems, notes] = [collector<ProblemKind>({ keep }), collector<NoteKind>({ keep })];
  if (published) await checkPublished(splits, published, problems);
  await checkArchives(archives, problems);
  for (const { kind, message } of splitNotes(splits)) notes.add(kind, message);
  const filed = filedSplits(splits);
  const total = filed.reduce((sum, { set }) => sum + set.length, 0);
  let before = 0;
  for (const split of filed) {
    const start = before;
    const progress = (done: number) => onProgress?.(start + done, total);
    await checkPictures(split, problems, { decode, signal, onProgress: progress });
    before += split.set.length;
  }
  const found = { problems, notes };
  await checkDuplicates(filed, found, { published: published !== undefined, signal, onProgress: onCompare });
  return {
    pictures: Object.fromEntries(Object.entries(splits).map(([split, { length }]) => [split, length])),
    decoded: decode,
    problems: problems.report(),
    notes: notes.report(),
  };
}
