/** Rows that are odd but right, and wrong ones beside them: each is refused in a sentence or gone through, and what follows is not touched. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { encodeNpy, encodeSafetensors, float16Of, type NamedArray } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predict } from '../src/rebalance/predict.ts';
import { type RebalanceOptions, rebalance } from '../src/rebalance/rebalance.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'auto' });
});

const folder = mkdtempSync(join(tmpdir(), 'longtail-odd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options: RebalanceOptions = {
  ...{ groupRule: 'official', prior: 'uniform', featuresFrom: 'trained', dropBad: false, seed: 0 },
  ...{ command: 'longtail rebalance', heads: 'ncm,crt' },
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

/** Files of rows about a centre a class, and of their labels. */
function rows(
  name: string,
  labels: readonly number[],
  { dim = 4, change = (_: Float32Array): void => {} } = {},
) {
  const generator = random(0, name);
  const centres = random(0, 'centres', dim);
  const at = Array.from({ length: 1 + labels.reduce((a, b) => Math.max(a, b), 0) }, () =>
    Array.from({ length: dim }, () => 3 * centres.normal()),
  );
  const data = Float32Array.from({ length: labels.length * dim }, (_, i) => {
    return at[labels[Math.floor(i / dim)]!]![i % dim]! + generator.normal();
  });
  change(data);
  const [x, y] = [join(folder, `${name}.npy`), join(folder, `${name}-labels.npy`)];
  writeFileSync(x, encodeNpy({ shape: [labels.length, dim], data }));
  writeFileSync(y, encodeNpy({ shape: [labels.length], data: Int32Array.from(labels) }));
  return { x, y };
}

const run = (
  train: ReturnType<typeof rows>,
  test: ReturnType<typeof rows>,
  more: Partial<RebalanceOptions> = {},
) => rebalance(train.x, { ...options, labels: train.y, test: test.x, testLabels: test.y, ...more });

const of = (counts: readonly number[]): number[] => counts.flatMap((n, c) => Array<number>(n).fill(c));

describe('refused, and good rows afterwards give what they gave before', { timeout: 120_000 }, () => {
  const good = () => [rows('good', of([30, 12, 6])), rows('good-test', of([9, 9, 9]))] as const;
  const scores = async () => (await run(...good())).board.entries.map((entry) => [entry.name, entry.scores]);

  it('NaN and infinities by their rows, joint weights of another width, slices of other rows, a wrong select', async () => {
    const before = await scores();
    const tensors = tf.memory().numTensors;
    const [train, test] = good();
    const nan = rows('nan', of([30, 12, 6]), {
      change: (data) => void data.fill(Number.NaN, 4 * 31, 4 * 31 + 1),
    });
    const inf = rows('inf', of([9, 9, 9]), {
      change: (data) => void data.fill(Number.POSITIVE_INFINITY, 8, 9),
    });
    const joint = join(folder, 'joint.npy');
    writeFileSync(joint, encodeNpy({ shape: [3, 5], data: new Float32Array(15) }));
    await expect(run(nan, test)).rejects.toThrow(/1 of 48 rows of .*nan\.npy: 31 \(from 0\)/);
    await expect(run(train, inf)).rejects.toThrow(/1 of 27 rows of .*inf\.npy: 2 \(from 0\)/);
    await expect(run(train, test, { joint })).rejects.toThrow(/expected a weight \[3, 4\] in .*joint\.npy/);
    await expect(run(train, test, { slices: joint })).rejects.toThrow(/expected columns of 27 rows/);
    await expect(run(train, test, { select: 'val' })).rejects.toThrow(/there are none/);
    await expect(run(train, test, { prior: '1,2' })).rejects.toThrow(
      /--prior takes uniform, train, 3 shares/,
    );
    expect(await scores()).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('features too large or too small to compute with, and says it of those that are unusual', async () => {
    const scaled = (name: string, by: number) =>
      rows(name, of([30, 12, 6]), { change: (data) => void data.forEach((x, i) => (data[i] = x * by)) });
    const test = rows('usual-test', of([9, 9, 9]));
    for (const by of [1e30, 1e-30])
      await expect(run(scaled('odd', by), test)).rejects.toThrow(
        /features of sizes from 1e-8 to 1e10, .* divide all of them by/,
      );
    expect((await run(scaled('small', 1e-5), test)).notes.join(' ')).toMatch(
      /the largest feature is 0\.0000\d+: logistic regression/,
    );
    expect((await run(scaled('usual', 1), test)).notes.join(' ')).not.toMatch(/largest feature/);
  });

  it('a joint weight is a row of its own, and what heads begin from', async () => {
    const [train, test] = good();
    const joint = join(folder, 'joint-good.npy');
    const data = Float32Array.from({ length: 12 }, (_, i) => (i % 5) - 2);
    writeFileSync(joint, encodeNpy({ shape: [3, 4], data }));
    const before = tf.memory().numTensors;
    const { board } = await run(train, test, { joint, heads: 'joint,marc' });
    expect(board.entries.map(({ name }) => name)).toEqual(['logistic', 'marc', 'joint']);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a joint weight of halves is the same head, with its bias where there is one, and no other numbers are', async () => {
    const [train, test] = good();
    const weight = { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => (i % 5) - 2) };
    const half = { shape: [3, 4], dtype: 'float16', data: float16Of(weight) } as const;
    const bias = { shape: [3], data: Float32Array.of(0, 0, 1e4) };
    const found = async (arrays: Record<string, NamedArray>) => {
      const joint = join(folder, 'joint.safetensors');
      writeFileSync(joint, encodeSafetensors(arrays));
      return (await run(train, test, { joint, heads: 'joint,tau,marc' })).board.entries.at(-1)!.scores;
    };
    expect(await found({ weight: half })).toEqual(await found({ weight }));
    expect((await found({ weight: half, bias })).perClass).toEqual([0, 0, 1]);
    const tensors = tf.memory().numTensors;
    const wrong = { ...weight, data: weight.data.with(3, Number.NaN) };
    await expect(found({ weight: wrong, bias })).rejects.toThrow(/expected a weight .*, but it holds NaN/);
    await expect(found({ weight, bias: { ...bias, data: Int32Array.of(1, 2, 3) } })).rejects.toThrow(
      /expected a bias \[3\] .*, but it is of int32/,
    );
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe('gone through', { timeout: 120_000 }, () => {
  const notes = (found: Awaited<ReturnType<typeof run>>): string => found.notes.join(' ');

  it('classes of one row, and classes that the test part lacks, which have no score', async () => {
    const found = await run(rows('single', of([20, 5, 1, 1])), rows('single-test', of([6, 6])));
    expect(notes(found)).toMatch(/classes of one training row: 2\./);
    expect(notes(found)).toMatch(/classes without a test row, of which there are no scores: 2\./);
    for (const { scores } of found.board.entries) {
      expect(scores.perClass.slice(2)).toEqual([null, null]);
      expect(scores.meanOfClasses).toBeGreaterThan(0.5);
    }
  });

  it('more dimensions than rows, by every head that there is', async () => {
    const train = rows('wide', of([9, 6, 3]), { dim: 64 });
    const test = rows('wide-test', of([4, 4, 4]), { dim: 64 });
    const before = tf.memory().numTensors;
    const { board } = await run(train, test, { heads: 'all' });
    expect(tf.memory().numTensors).toBe(before);
    expect(board.leftOut).toEqual([]);
    for (const { name, scores, ece } of board.entries)
      expect(Number.isFinite(scores.meanOfClasses + ece), name).toBe(true);
  });

  it('thousands of classes of one row each', async () => {
    const classes = Array.from({ length: 2000 }, (_, c) => c);
    const test = classes.filter((c) => c % 8 === 0);
    const found = await run(rows('many', classes, { dim: 32 }), rows('many-test', test, { dim: 32 }), {
      heads: 'ncm',
    });
    expect(found.parts.classNames).toHaveLength(2000);
    expect(notes(found)).toMatch(/classes of one training row: 2000\./);
    expect(found.board.entries[1]!.scores.all).toBeGreaterThan(0.5);
  });
});

it('predict puts the columns of a table in the order of the training rows', { timeout: 60_000 }, async () => {
  const write = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return join(folder, name);
  };
  const train = [0, 1, 2, 3].flatMap((i) => [`${5 + i / 10},${i / 10},auk`, `${i / 10},${5 + i / 10},wren`]);
  const save = join(folder, 'by-name.safetensors');
  const more = { featuresFrom: 'foreign', heads: 'ncm', head: 'ncm', save } as const;
  await rebalance(write('by-name.csv', ['a,b,label', ...train]), { ...options, ...more });
  const answer = async (path: string) =>
    Buffer.from((await predict(save, path, { format: 'csv' })).bytes).toString();
  const turned = await answer(write('turned.csv', ['b,a', '1,6', '6,2']));
  expect(turned).toMatch(/auk.*\n.*wren/);
  expect(turned).toBe(await answer(write('same.csv', ['a,b', '6,1', '2,6'])));
  expect((await predict(save, write('same.csv', ['a,b', '6,1']), { format: 'npy' })).notes).toEqual([
    'columns are the classes auk, wren (2), in this order.',
  ]);
  for (const empty of [
    ['', ''],
    ['auk', ''],
    ['?', '1'],
  ])
    expect(await answer(write('unlabelled.csv', ['a,b,label', `6,1,${empty[0]}`, `2,6,${empty[1]}`]))).toBe(
      turned,
    );
  await expect(answer(write('others.csv', ['a,c', '6,1', '2,6']))).rejects.toThrow(/expected a column "b"/);
});
