/** Every head of the leaderboard on drawn rows: what it gives, how its settings came about, what it leaves, by which seeds. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { encodeNpy, encodeParquet } from '@longtail/formats';
import { decodeClassifier } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chosenHeads, headNames } from '../src/rebalance/heads.ts';
import { type RebalanceOptions, rebalance } from '../src/rebalance/rebalance.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'auto' });
});

const folder = mkdtempSync(join(tmpdir(), 'longtail-heads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** Classes about centres that are apart by 2.5 deviations. */
function table(name: string, counts: readonly number[], { dim = 6, sign = 1 } = {}): string {
  const generator = random(0, name);
  const label = counts.flatMap((n, c) => Array<string>(n).fill(`class ${c}`));
  const data = Float32Array.from({ length: label.length * dim }, (_, i) => {
    const c = Number(label[Math.floor(i / dim)]!.slice(6));
    const value = generator.normal() + (i % dim === c % dim ? 2.5 : 0);
    return sign > 0 ? Math.abs(value) : value;
  });
  writeFileSync(at(name), encodeParquet({ x: { shape: [label.length, dim], data }, label }));
  return at(name);
}

const options: RebalanceOptions = {
  groupRule: 'official',
  prior: 'uniform',
  featuresFrom: 'foreign',
  dropBad: false,
  seed: 0,
  command: 'longtail rebalance',
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

describe('all heads', { timeout: 240_000 }, () => {
  it('are about a dozen by default, and twice as many at all', () => {
    expect(chosenHeads(undefined, { hasJoint: false })).toHaveLength(12);
    expect(chosenHeads('all', { hasJoint: true }).map(({ name }) => name)).toEqual([...headNames, 'joint']);
    expect(headNames).toHaveLength(26);
  });

  it('by fixed defaults: right more often than chance, with settings, and no tensor left', async () => {
    const file = table('train.parquet', [150, 60, 12]);
    const test = table('test.parquet', [60, 60, 60]);
    const before = tf.memory().numTensors;
    const given = { ...options, heads: 'all', test, featuresFrom: 'trained', seeds: 2 } as const;
    const { board } = await rebalance(file, given);
    expect(tf.memory().numTensors).toBe(before);
    expect(board.leftOut).toEqual([]);
    expect(board.entries.map(({ name }) => name)).toEqual(headNames);
    for (const { name, scores, ece, select, settings, seeds, interval } of board.entries) {
      expect(scores.all, name).toBeGreaterThan(0.5); // of three classes; 0.33 by chance
      expect(ece, name).toBeLessThan(0.7);
      expect([select, Object.keys(settings[0]!).length > 0], name).toEqual(['default', true]);
      expect(interval.low <= scores.meanOfClasses && scores.meanOfClasses <= interval.high, name).toBe(true);
      const isDrawn = chosenHeads(name, { hasJoint: false }).at(-1)!.isDrawn;
      expect(
        seeds.map(({ seed }) => seed),
        name,
      ).toEqual(isDrawn ? [0, 1] : [0]);
      const mean = seeds.reduce((sum, one) => sum + one.scores.all, 0) / seeds.length;
      expect(scores.all, name).toBeCloseTo(mean, 12);
    }
  });

  it('chosen by folds: those with a grid take a value of it, and say so', async () => {
    const file = table('chosen.parquet', [90, 60, 30]);
    const test = table('chosen-test.parquet', [20, 20, 20]);
    const before = tf.memory().numTensors;
    const heads = 'ridge,knn,logit-adjusted,tde,cosine,fecam,los';
    const { board } = await rebalance(file, { ...options, heads, test });
    expect(tf.memory().numTensors).toBe(before);
    const of = (name: string) => board.entries.find((entry) => entry.name === name)!;
    for (const entry of board.entries) {
      expect([entry.select, entry.selectReason]).toEqual([
        'train-folds',
        'chosen by 3 of 3 folds of the training rows.',
      ]);
      if (entry.name !== 'logistic') expect(entry.settings[0]!.temperature, entry.name).not.toBe(1);
    }
    expect([0.1, 1, 10, 100]).toContain(of('ridge').settings[0]!.alpha);
    expect([5, 10, 20, 50]).toContain(of('knn').settings[0]!.k);
    expect([0, 0.5, 1, 1.5, 2, 3]).toContain(of('tde').settings[0]!.alpha);
  });

  it('are judged by rows at the training prior, and by classes at any other, which shares of --prior say', async () => {
    const file = table('long.parquet', [400, 100, 60]);
    const test = table('long-test.parquet', [5, 5, 5]);
    const joint = at('joint.npy'); // of a norm that only frequent rows are right with
    const data = Float32Array.from({ length: 3 * 6 }, (_, i) => (i % 7 === 0 ? [3, 1, 1][i / 7]! : 0));
    writeFileSync(joint, encodeNpy({ shape: [3, 6], data }));
    const found = async (prior: string) => {
      const { board, notes } = await rebalance(file, { ...options, heads: 'tau', prior, test, joint });
      return { tau: Number(board.entries[1]!.settings[0]!.tau), notes: notes.join(' ') };
    };
    const [train, uniform, shares] = [await found('train'), await found('uniform'), await found('5,3,2')];
    expect(train.tau).toBeLessThan(uniform.tau);
    expect(shares.tau).toBe(uniform.tau);
    expect(shares.notes).toMatch(/the recommendation are for a uniform mix of classes, not for the shares/);
    expect(train.notes + uniform.notes).not.toMatch(/uniform mix/);
  });

  it('that these rows are not for are left out with the reason, and cannot be saved', async () => {
    const file = table('odd.parquet', Array(40).fill(9), { dim: 7, sign: -1 });
    const heads = 'fecam,tail-calib,tde';
    const { board } = await rebalance(file, { ...options, heads, test: file });
    expect(board.leftOut).toEqual([]); // t = 1 where values are below 0; 7 features are one part
    const settings = board.entries.map((entry) => entry.settings[0]!);
    expect(settings[1]).toMatchObject({ tukey: 1, diagonal: 1, offDiagonal: 0 });

    const alike = at('alike.parquet');
    const data = new Float32Array(6 * 2).map((_, i) => (i < 6 ? 1 : 2));
    const label = ['a', 'a', 'a', 'b', 'b', 'b'];
    writeFileSync(alike, encodeParquet({ x: { shape: [6, 2], data }, label }));
    const before = tf.memory().numTensors;
    const given = { ...options, heads: 'ncm,lda,fecam', test: alike };
    const found = await rebalance(alike, given);
    expect(found.board.entries.map(({ name }) => name)).toEqual(['logistic', 'ncm']);
    const reason = expect.stringMatching(/two different rows/);
    expect(found.board.leftOut).toEqual([
      { name: 'lda', reason },
      { name: 'fecam', reason },
    ]);
    const save = at('never.safetensors');
    await expect(rebalance(alike, { ...given, head: 'lda', save })).rejects.toThrow(
      /lda cannot be saved: lda needs/,
    );
    expect([existsSync(save), tf.memory().numTensors]).toEqual([false, before]);
  });

  it('of a file say how they came about', async () => {
    const file = table('saved.parquet', [60, 60, 60]);
    const test = table('saved-test.parquet', [10, 10, 10]);
    const save = at('ridge.safetensors');
    const before = tf.memory().numTensors;
    const given = { ...options, heads: 'ridge', test, head: 'ridge', save, select: 'default' } as const;
    await rebalance(file, given);
    const { made, dispose } = decodeClassifier(readFileSync(save));
    dispose();
    expect(made).toMatchObject({ head: 'ridge', learns: 'none', select: 'default', settings: { alpha: 1 } });
    expect(made.selectReason).toBe('as --select default says.');
    expect((made.conformal as { rows: number }).rows).toBe(180); // held-out rows calibrate all the same
    expect(tf.memory().numTensors).toBe(before);
  });
});
