/** The published numbers of pictures a class, so that what is timed has the tail that it has in use. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type SetName = 'ImageNet-LT' | 'iNaturalist 2018';

const SETS: Readonly<Record<SetName, { file: string; tail: () => number[] }>> = {
  'ImageNet-LT': {
    file: 'data/imagenet-lt/ImageNet_LT_train_counts.tsv',
    tail: () => Array.from({ length: 1000 }, (_, c) => 5 + Math.trunc(635 * Math.exp(-c / 176))),
  },
  'iNaturalist 2018': {
    file: 'data/inat18/iNaturalist18_train_counts.tsv',
    tail: () => Array.from({ length: 8142 }, (_, c) => 2 + Math.trunc(998 * Math.exp(-c / 420))),
  },
};

/** The counts of LONGTAIL_SHARED, or where they are absent an exponential tail of the set's size. */
export function publishedCounts(set: SetName): number[] {
  const { file, tail } = SETS[set];
  const path = join(process.env.LONGTAIL_SHARED ?? join(import.meta.dirname, '../../../../shared'), file);
  if (existsSync(path))
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split('\t')[2]));
  console.error(`no ${path}: counts of an exponential tail instead`);
  return tail();
}
