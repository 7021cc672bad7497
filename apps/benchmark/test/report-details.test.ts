import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { TAUS } from '@longtail/heads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confusionOf } from '../src/confusions.ts';
import { evaluateRun } from '../src/evaluate-run.ts';
import { featuresHash } from '../src/features-hash.ts';
import type { DatasetRecord, Results } from '../src/results.ts';
import { readArrays } from '../src/stage-file.ts';
import { at, run, tinyPictures } from './tiny-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-details-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is taken for what', () => {
  const groups = { many: [0], medium: [1, 2], few: [3] };
  it('is counted by group, right ones apart, and by pair', () => {
    const found = confusionOf(Int32Array.of(0, 0, 2, 1, 0, 0), Int32Array.of(0, 1, 1, 2, 3, 3), {
      groups,
      numClasses: 4,
    });
    expect(found.groups).toEqual([
      { group: 'many', right: 1, wrong: { many: 0, medium: 0, few: 0 } },
      { group: 'medium', right: 0, wrong: { many: 1, medium: 2, few: 0 } },
      { group: 'few', right: 0, wrong: { many: 2, medium: 0, few: 0 } },
    ]);
    expect(found.pairs[0]).toEqual({ truth: 3, prediction: 0, count: 2, share: 1 });
    expect(found.pairs.slice(1)).toEqual([
      { truth: 1, prediction: 0, count: 1, share: 0.5 },
      { truth: 1, prediction: 2, count: 1, share: 0.5 },
      { truth: 2, prediction: 1, count: 1, share: 1 },
    ]);
  });
  it.each([1, 2, 3, 4])('has every picture once (draw %d)', (seed) => {
    const { uniform } = random(seed, 'rows');
    const draw = () => Int32Array.from({ length: 25 * seed }, () => 4 * uniform());
    const [labels, predictions] = [draw(), draw()];
    const found = confusionOf(predictions, labels, { groups, numClasses: 4 });
    const right = found.groups.reduce((sum, one) => sum + one.right, 0);
    const wrong = found.groups.flatMap((one) => Object.values(one.wrong)).reduce((a, b) => a + b, 0);
    expect(right).toBe(labels.filter((label, i) => label === predictions[i]).length);
    expect(right + wrong).toBe(labels.length);
    expect(found.pairs.reduce((sum, { count }) => sum + count, 0)).toBe(wrong); // 12 pairs at most
  });
});

describe('a run', () => {
  let results: Results;
  const record = (): DatasetRecord => JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'));
  beforeAll(async () => {
    results = await run(folder);
  });

  it('says how far its linear heads may be believed, of each group that has test pictures', () => {
    const heads = [...new Set(results.reliability!.map(({ classifier }) => classifier))];
    expect(heads).toEqual(['joint', 'crt', 'tau', 'lws']); // NCM's scores are no log-probabilities
    for (const { classifier, group, ece, bins } of results.reliability!) {
      const { scores } = results.rows.find((row) => row.classifier === classifier)!;
      const rows = bins.reduce((sum, { count }) => sum + count, 0);
      const right = bins.reduce((sum, { count, accuracy }) => sum + count * (accuracy ?? 0), 0);
      expect(right / rows).toBeCloseTo(scores[group]!, 12); // as many pictures of each class
      expect(ece).toBeGreaterThan(0);
    }
  });

  it('keeps test pictures of its tail with what each head takes them for', async () => {
    const { arrays } = await readArrays(at(folder, 'predictions'), { after: '' });
    const { test } = tinyPictures();
    const kept = record().testSamples!;
    expect(kept).toHaveLength(test.length); // two of each of three classes
    for (const [i, { index, label, rgb }] of kept.entries()) {
      expect(label).toBe(test.labels[index]);
      expect(rgb).toBe(Buffer.from((await test.read(index)).data).toString('base64'));
      const { answers } = results.answers![i]!;
      expect(answers.map(({ classifier }) => classifier)).toEqual(['joint', 'ncm', 'crt', 'tau', 'lws']);
      for (const { classifier, prediction } of answers)
        expect(prediction).toBe(arrays.get(classifier)!.data[index]);
    }
  });

  it('says of each head what is taken for what, as its scores have it', () => {
    expect(results.testCounts).toEqual([2, 2, 2]);
    expect(results.confusions!.map(({ classifier }) => classifier)).toEqual(
      results.rows.map(({ classifier }) => classifier),
    );
    for (const [i, { groups }] of results.confusions!.entries())
      expect(groups.reduce((sum, { right }) => sum + right, 0)).toBeCloseTo(
        6 * results.rows[i]!.scores.all,
        9,
      );
  });

  it('says what tau was chosen by: the chosen one has the highest, on the selection split', () => {
    const { points } = results.tauCurves![0]!;
    const best = points.reduce((a, b) => (b.selection! > a.selection! ? b : a));
    const { chosen } = results.rows.find(({ classifier }) => classifier === 'tau')!;
    expect([points.length, best.tau]).toEqual([TAUS.length, chosen!.tau]);
    expect(results.selectionSize).toBe(21); // draws, as many as training pictures
  });

  it('says what it rests on', () => {
    expect(results.hashes).toMatchObject({
      'train set': results.dataset.fingerprints.train,
      'features, instance-balanced': expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
    });
  });

  it('shows no picture where rows and pictures may not be the same', async () => {
    const path = join(folder, 'dataset.json');
    const before = readFileSync(path, 'utf8');
    for (const change of [
      { testSize: 7 },
      { testSamples: [{ ...record().testSamples![0]!, index: 5 }] },
      { testSamples: undefined },
    ]) {
      writeFileSync(path, JSON.stringify({ ...record(), ...change }));
      expect((await evaluateRun(folder)).answers).toEqual([]);
      writeFileSync(path, before);
    }
  });
});

describe('the hash of features', () => {
  const set = (values: number[], labels: number[]) => ({
    values: Float32Array.from(values),
    labels: Int32Array.from(labels),
    featureDim: 2,
    skipped: 0,
  });
  const sets = { train: set([1, 2, 3, 4], [0, 1]), test: set([5, 6], [0]) };
  it('is of values and labels of every split, wherever they lie', () => {
    const hash = featuresHash(sets);
    const moved = new Float32Array([9, 1, 2, 3, 4]).subarray(1);
    expect(featuresHash({ ...sets, train: { ...sets.train, values: moved, skipped: 3 } })).toBe(hash);
    for (const other of [
      { ...sets, train: set([1, 2, 3, 5], [0, 1]) },
      { ...sets, train: set([1, 2, 3, 4], [1, 1]) },
      { ...sets, test: set([5, 7], [0]) },
      { ...sets, validation: sets.test },
    ])
      expect(featuresHash(other)).not.toBe(hash);
  });
});
