/** Pictures that are listed twice, in one split or in two. A million paths cost a few megabytes, not a million objects. */
import type { Dataset } from '../dataset.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import type { ProblemCollector } from './problems.ts';

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A hash table of numbers 0, 1, ... in typed arrays, at most half full; what they stand for is compared by the caller. */
function numberTable(size: number) {
  const mask = 2 ** Math.ceil(Math.log2(2 * size + 2)) - 1;
  const [slots, hashes] = [new Uint32Array(mask + 1), new Uint32Array(size)];
  return {
    /** The number that was put in before and is the same, or undefined after this one has been put in. */
    put(number: number, hash: number, isSame: (other: number) => boolean): number | undefined {
      let slot = (hash ^ (hash >>> 15)) & mask;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const other = slots[slot]! - 1;
        if (hashes[other] === hash && isSame(other)) return other;
      }
      slots[slot] = number + 1;
      hashes[number] = hash;
      return undefined;
    },
  };
}

/** Adds every picture that was listed before. */
export function checkDuplicates(sets: readonly Dataset[], problems: ProblemCollector): void {
  const listed = sets.filter((set): set is FileDataset => 'list' in set);
  const starts = listed.map((_, s) => listed.slice(0, s).reduce((sum, { length }) => sum + length, 0));
  const locate = (number: number) => {
    const s = starts.findLastIndex((start) => start <= number);
    return { list: listed[s]!.list, index: number - starts[s]! };
  };
  const table = numberTable(listed.reduce((sum, { length }) => sum + length, 0));
  for (const [s, { list, length }] of listed.entries())
    for (let i = 0; i < length; i++) {
      const path = list.path(i);
      const before = table.put(starts[s]! + i, hashOf(path), (other) => {
        const { list, index } = locate(other);
        return list.path(index) === path;
      });
      if (before === undefined) continue;
      const { list: earlier, index } = locate(before);
      problems.add(
        'duplicate',
        `expected every picture once, but ${path} is in ${earlier.place(index)} and in ${list.place(i)}; remove one.`,
      );
    }
}
