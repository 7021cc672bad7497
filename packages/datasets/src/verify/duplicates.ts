/** Pictures that are in a set more than once: a file listed twice, or files that hold the same bytes. */
import { type FiledSplit, placeOf } from './filed.ts';
import type { Collector, NoteKind, ProblemCollector } from './problems.ts';
import { firstOfSame } from './same-bytes.ts';

interface Located {
  readonly split: string;
  readonly path: string;
  /** In the file; absent where the picture is all of it. */
  readonly offset: number | undefined;
  readonly label: number;
  readonly className: string;
  readonly place: string;
}

const nameOf = ({ path, offset, place }: Located): string =>
  offset === undefined ? path : `${path}, ${place}`;

/** In words, and whether it is to be mended: the same bytes in one class of one split do no harm. */
function described(a: Located, b: Located): { message: string; isProblem: boolean } {
  if (a.path === b.path && a.offset === b.offset)
    return {
      isProblem: true,
      message: `expected every picture once, but ${nameOf(a)} is ${a.place} (${a.split}) and ${b.place} (${b.split}); list it once.`,
    };
  const both = `${nameOf(a)} (${a.split}, ${a.className}) and ${nameOf(b)} (${b.split}, ${b.className})`;
  if (a.split !== b.split)
    return {
      isProblem: true,
      message: `expected no picture in two splits, but ${both} hold the same bytes, and scores on ${b.split} come out too good; split the set anew, or say so with the scores.`,
    };
  if (a.label !== b.label)
    return {
      isProblem: true,
      message: `expected one class a picture, but ${both} hold the same bytes; decide which class is right.`,
    };
  return { isProblem: false, message: `${both} hold the same bytes.` };
}

/**
 * Adds every picture that was there before, in the order of the splits.
 *
 * @param splits with what was seen of their pictures
 * @param options.published whether the set is as others have it: what is doubled there is to be known, not to be mended
 */
export async function checkDuplicates(
  splits: readonly FiledSplit[],
  { problems, notes }: { problems: ProblemCollector; notes: Collector<NoteKind> },
  {
    published,
    ...options
  }: { published: boolean } & Pick<Parameters<typeof firstOfSame>[1], 'onProgress' | 'signal'>,
): Promise<void> {
  const starts = splits.map((_, s) => splits.slice(0, s).reduce((sum, { set }) => sum + set.length, 0));
  const find = (number: number): [FiledSplit, number] => {
    const s = starts.findLastIndex((start) => start <= number);
    return [splits[s]!, number - starts[s]!];
  };
  const locate = (number: number): Located => {
    const [filed, index] = find(number);
    const { split, set } = filed;
    const { path, offset } = set.file(index);
    const label = set.labels[index]!;
    return {
      split,
      path,
      offset,
      label,
      className: set.classNames[label] ?? String(label),
      place: placeOf(filed, index),
    };
  };
  const fileOf = (number: number) => {
    const [{ set }, index] = find(number);
    return set.file(index);
  };
  const total = splits.reduce((sum, { set }) => sum + set.length, 0);
  const all = { sizes: new Float64Array(total), ends: new BigUint64Array(total) };
  for (const [s, { seen }] of splits.entries()) {
    all.sizes.set(seen.sizes, starts[s]!);
    all.ends.set(seen.ends, starts[s]!);
  }
  const first = await firstOfSame(all, { fileOf, ...options });
  for (const [number, before] of first.entries()) {
    if (before === number) continue;
    const { message, isProblem } = described(locate(before), locate(number));
    if (isProblem && !published) problems.add('duplicate', message);
    else notes.add('duplicate', message);
  }
}
