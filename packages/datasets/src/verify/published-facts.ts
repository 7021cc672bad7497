/** A set against what is published about it: checksums of its lists, pictures a split, pictures a class. */
import { createHash } from 'node:crypto';
import { classCounts } from '@longtail/core';
import type { Dataset } from '../dataset.ts';
import { fileHash } from '../file-hash.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import { gitBlob } from '../sets/git-blob.ts';
import type { Published, SplitName } from '../sets/published.ts';
import type { ProblemCollector } from './problems.ts';

export type Splits = Readonly<Partial<Record<SplitName, Dataset>>>;

const isListed = (set: Dataset): set is FileDataset => 'list' in set;
const number = (n: number): string => n.toLocaleString('en');

async function checkList(set: Dataset, split: SplitName, published: Published, problems: ProblemCollector) {
  const expected = published.lists[split];
  if (!expected) return;
  const source = isListed(set) ? set.list.source : set.name;
  if (set.length !== expected.lines)
    problems.add(
      'list',
      `expected ${number(expected.lines)} ${split} pictures, but ${source} has ${number(set.length)}; fetch the published list.`,
    );
  if (!expected.gitBlob || !isListed(set) || /\.json(\.gz)?$/.test(source)) return;
  const found = await gitBlob(source);
  if (found !== expected.gitBlob)
    problems.add(
      'checksum',
      `expected the published list (git blob ${expected.gitBlob}), but ${source} is ${found}; fetch it again, or take care to report that it is your own.`,
    );
}

function checkCounts(
  train: Dataset,
  { classCounts: expected, numClasses }: Published,
  problems: ProblemCollector,
) {
  const counts = classCounts(train.labels, { numClasses });
  if (createHash('sha256').update(counts.join(',')).digest('hex') === expected.sha256) return;
  const largest = counts.reduce((a, b) => Math.max(a, b));
  const smallest = counts.reduce((a, b) => Math.min(a, b));
  problems.add(
    'counts',
    `expected the published class counts (${number(expected.total)} pictures, ${expected.largest} to ${expected.smallest} a class), but ${train.name} has others (${number(train.length)} pictures, ${largest} to ${smallest} a class); fetch the published list.`,
  );
}

/** Adds what differs. */
export async function checkPublished(
  splits: Splits,
  published: Published,
  problems: ProblemCollector,
): Promise<void> {
  for (const [split, set] of Object.entries(splits) as [SplitName, Dataset][])
    await checkList(set, split, published, problems);
  if (splits.train) checkCounts(splits.train, published, problems);
}

/** Files against published MD5 checksums. */
export async function checkArchives(
  archives: readonly { path: string; md5: string }[],
  problems: ProblemCollector,
): Promise<void> {
  for (const { path, md5 } of archives) {
    const found = await fileHash(path, 'md5');
    if (found !== md5)
      problems.add('checksum', `expected the MD5 ${md5}, but ${path} has ${found}; fetch it again.`);
  }
}
