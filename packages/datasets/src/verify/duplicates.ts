/** Pictures that are listed twice, in one split or in two. A million paths cost a number each. */
import { createHash } from 'node:crypto';
import type { Dataset } from '../dataset.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import type { ProblemCollector } from './problems.ts';

/** 48 bits of the path's SHA-1: a number without an object, and seldom shared by two paths. */
const shortHash = (path: string): number => createHash('sha1').update(path).digest().readUIntBE(0, 6);

/** Adds every picture that was listed before. */
export function checkDuplicates(sets: readonly Dataset[], problems: ProblemCollector): void {
  const listed = sets.filter((set): set is FileDataset => 'list' in set);
  const starts = listed.map((_, s) => listed.slice(0, s).reduce((sum, { length }) => sum + length, 0));
  const seen = new Map<number, number>();
  for (const [s, { list, length }] of listed.entries())
    for (let i = 0; i < length; i++) {
      const path = list.path(i);
      const hash = shortHash(path);
      const before = seen.get(hash);
      if (before === undefined) {
        seen.set(hash, starts[s]! + i);
        continue;
      }
      const other = starts.findLastIndex((start) => start <= before);
      const { list: earlier } = listed[other]!;
      const j = before - starts[other]!;
      if (earlier.path(j) === path)
        problems.add(
          'duplicate',
          `expected every picture once, but ${path} is in ${earlier.place(j)} and in ${list.place(i)}; remove one.`,
        );
    }
}
