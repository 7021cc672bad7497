import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { classCounts } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it, type TestContext } from 'vitest';
import { classGroups, type GroupRule, gini, imbalanceFactor } from '../src/index.ts';

function sizes(counts: ArrayLike<number>, groupRule: GroupRule): number[] {
  const { many, medium, few } = classGroups(counts, { groupRule });
  return [many.length, medium.length, few.length];
}

function countsOf(context: TestContext, path: string): number[] {
  const rows = readFileSync(sharedOrSkip(context, path), 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => Number(row.split('\t').at(-1)));
}

describe('the published group sizes', () => {
  it('ImageNet-LT: 385/479/136 and, by the rule of OLTR, 391/463/146; Gini .5245', (context) => {
    const counts = countsOf(context, 'data/imagenet-lt/ImageNet_LT_train_counts.tsv');
    expect(sizes(counts, 'official')).toEqual([385, 479, 136]);
    expect(sizes(counts, 'oltr')).toEqual([391, 463, 146]);
    expect(gini(counts)).toBeCloseTo(0.5245, 4);
    expect(imbalanceFactor(counts)).toBe(256);
  });

  it('Places-LT: 131/163/71 and 132/156/77; Gini .6716', (context) => {
    const list = gunzipSync(
      readFileSync(sharedOrSkip(context, 'data/places-lt/Places_LT_train.txt.gz')),
    ).toString();
    const counts = classCounts(
      list
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[1])),
    );
    expect(sizes(counts, 'official')).toEqual([131, 163, 71]);
    expect(sizes(counts, 'oltr')).toEqual([132, 156, 77]);
    expect(gini(counts)).toBeCloseTo(0.6716, 4);
  });

  it('iNaturalist 2018: 842/4076/3224', (context) => {
    expect(sizes(countsOf(context, 'data/inat18/iNaturalist18_train_counts.tsv'), 'official')).toEqual([
      842, 4076, 3224,
    ]);
  });
});

it('the rules differ only at 100 and 20', () => {
  const counts = [101, 100, 99, 21, 20, 19];
  expect(sizes(counts, 'official')).toEqual([1, 4, 1]);
  expect(sizes(counts, 'oltr')).toEqual([2, 2, 2]);
  expect(sizes(counts, 'mislas')).toEqual([1, 3, 2]);
  expect(gini([7, 7, 7])).toBeCloseTo(0, 12);
});

it('as many classes as arguments cannot be are no trouble', () => {
  const counts = Int32Array.from({ length: 300_000 }, (_, c) => c % 1001);
  expect(imbalanceFactor(counts)).toBe(1000);
  expect(gini(counts)).toBeCloseTo(1 / 3, 3);
});
