/** Whether a set on disk is the published one, and whole. */
import type { Dataset } from '../dataset.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import type { Published } from '../sets/published.ts';
import { checkDuplicates } from './duplicates.ts';
import { checkPictures } from './pictures.ts';
import { type Problems, problemCollector } from './problems.ts';
import { checkArchives, checkPublished, type Splits } from './published-facts.ts';

export interface Verification {
  /** Pictures by split. */
  readonly pictures: Readonly<Record<string, number>>;
  /** Whether every picture was decoded, or its first bytes looked at. */
  readonly decoded: boolean;
  readonly problems: Problems;
}

/**
 * Lists against their published checksums, class counts against the published ones, no picture listed twice, archives
 * against their checksums, every picture there and readable. Sets in memory were read whole when they were opened.
 *
 * @param splits of the set
 * @param options.published what to compare with; absent: only whether the set is whole
 * @param options.archives files with published MD5
 * @param options.decode decode every picture; default: its first bytes
 * @param options.keep how many problems are kept in words
 * @param options.onProgress with the pictures done and all of them
 * @returns what was found; a bad picture is a problem, not an error
 * @throws the signal's reason when it is aborted
 * @example
 * const { problems } = await verify(await placesLT('/data/places'), { published: PLACES_LT });
 */
export async function verify(
  splits: Splits,
  {
    published,
    archives = [],
    decode = false,
    keep = 10,
    onProgress,
    signal,
  }: {
    published?: Published;
    archives?: readonly { path: string; md5: string }[];
    decode?: boolean;
    keep?: number;
    onProgress?: (done: number, total: number) => void;
    signal?: AbortSignal;
  } = {},
): Promise<Verification> {
  const problems = problemCollector({ keep });
  const sets: readonly Dataset[] = Object.values(splits);
  if (published) await checkPublished(splits, published, problems);
  await checkArchives(archives, problems);
  checkDuplicates(sets, problems);
  const listed = sets.filter((set): set is FileDataset => 'list' in set);
  const total = listed.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  for (const set of listed) {
    const start = before;
    await checkPictures(set, problems, {
      decode,
      signal,
      onProgress: (done) => onProgress?.(start + done, total),
    });
    before += set.length;
  }
  return {
    pictures: Object.fromEntries(Object.entries(splits).map(([split, { length }]) => [split, length])),
    decoded: decode,
    problems: problems.report(),
  };
}
