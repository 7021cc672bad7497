/** The official lists at their true size: as published where they are, else made of the published counts of their classes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Lists } from './published-layout.ts';

function linesOf(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split(/\r?\n/);
}

/** A table of label, name and count, of whose header nothing is wanted. */
const countsOf = (path: string): { label: string; name: string; count: number }[] =>
  linesOf(path)
    .slice(1)
    .map((line) => {
      const [label = '', name = '', count] = line.split('\t');
      return { label, name, count: Number(count) };
    });

const each = <Item>(count: number, make: (i: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => make(i));

function imageNetLT(folder: string): Lists {
  const counts = countsOf(join(folder, 'ImageNet_LT_train_counts.tsv'));
  return {
    'ImageNet_LT_train.txt': counts.flatMap(({ label, name, count }) =>
      each(count, (i) => `train/${name}/${name}_lt${i}.JPEG ${label}`),
    ),
    'ImageNet_LT_val.txt': linesOf(join(folder, 'ImageNet_LT_val.txt')),
    'ImageNet_LT_test.txt': linesOf(join(folder, 'ImageNet_LT_test.txt.gz')),
  };
}

const placesLT = (folder: string): Lists => ({
  'Places_LT_train.txt': linesOf(join(folder, 'Places_LT_train.txt.gz')),
  'Places_LT_val.txt': linesOf(join(folder, 'Places_LT_val.txt')),
  'Places_LT_test.txt': linesOf(join(folder, 'Places_LT_test.txt.gz')),
});

function inaturalist2018(folder: string): Lists {
  const validation = linesOf(join(folder, 'iNaturalist18_val.txt.gz'));
  const folders: Record<string, string> = {}; // three pictures of every class are there
  for (const line of validation) {
    const [, name = '', label = ''] = line.split('/');
    folders[label] = name;
  }
  const counts = countsOf(join(folder, 'iNaturalist18_train_counts.tsv'));
  return {
    'iNaturalist18_train.txt': counts.flatMap(({ label, count }) =>
      each(count, (i) => `train_val2018/${folders[label]}/${label}/lt${i}.jpg ${label}`),
    ),
    'iNaturalist18_val.txt': validation,
  };
}

/** By the folder of the shared data that each is in. */
export const OFFICIAL_LISTS: Readonly<Record<string, (folder: string) => Lists>> = {
  'imagenet-lt': imageNetLT,
  'places-lt': placesLT,
  inat18: inaturalist2018,
};
