/** `longtail rebalance` and `longtail predict` by the real command, and what they do to rows that are few or bad. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { encodeCsv, encodeNpy, encodeParquet, openArrays } from '@longtail/formats';
import { decodeClassifier } from '@longtail/heads';
import { sharedOrSkip } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predict } from '../src/rebalance/predict.ts';
import { type RebalanceOptions, rebalance } from '../src/rebalance/rebalance.ts';
import { longtail } from './longtail.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'wasm' }); // with the gradients of everything
  await tf.setBackend('cpu');
});

const folder = mkdtempSync(join(tmpdir(), 'longtail-rebalance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};

const NAMES = ['auk', 'wren', 'sea eagle'];

/** Classes about centres that are apart. */
function birds(counts: readonly number[], key: string, dim = 6): { x: Float32Array; label: string[] } {
  const generator = random(0, key);
  const label = counts.flatMap((n, c) => Array<string>(n).fill(NAMES[c]!));
  const x = Float32Array.from({ length: label.length * dim }, (_, i) => {
    const c = NAMES.indexOf(label[Math.floor(i / dim)]!);
    return generator.normal() + (i % dim === c ? 2.5 : 0);
  });
  return { x, label };
}

const table = ({ x, label }: ReturnType<typeof birds>): Parameters<typeof encodeParquet>[0] => ({
  x: { shape: [label.length, x.length / label.length], data: x },
  label,
});

describe('on published features', { timeout: 180_000 }, () => {
  it('has the published numbers of joint, NCM and tau, and intervals', async (context) => {
    const file = (name: string): string => sharedOrSkip(context, `data/features/cifar10_${name}.npy`);
    const { code, stdout, stderr } = await longtail([
      ...['rebalance', file('lt100_train_features'), '--labels', file('lt100_train_labels'), '--json'],
      ...['--test', file('test_features'), '--test-labels', file('test_labels')],
      ...['--joint', file('lt100_joint_weight')],
    ]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      schema: 'longtail.rebalance/1',
      testedOn: 'test',
      featuresFrom: 'trained',
    });
    expect(found.rows).toEqual({ train: 12_406, validation: 0, test: 10_000, tested: 10_000 });
    const of = (name: string) => found.heads.find((head: { name: string }) => head.name === name);
    // Predictions of 10,000 rows; two of them may lie on an edge between classes to float32 rounding.
    for (const [name, all] of Object.entries({ joint: 0.6642, ncm: 0.7212, tau: 0.6994 }))
      expect(Math.abs(of(name).scores.all - all)).toBeLessThanOrEqual(0.0002);
    expect(of('logistic').comparison).toMatchObject({ difference: 0, verdict: 'undecided' });
    expect(of('logistic-prior').comparison.verdict).toBe('better');
    const { low, difference, high } = of('ncm').comparison;
    expect(low < difference && difference < high && high - low < 0.03).toBe(true);
    expect(found.heads.every((head: { select: string }) => head.select === 'default')).toBe(true);
    expect(found.recommended.why.split('. ')).toHaveLength(2);
  });
});

describe('on drawn birds', { timeout: 120_000 }, () => {
  const [train, test] = [birds([150, 60, 12], 'train'), birds([30, 30, 30], 'test')];
  let trainFile = '';
  let testFile = '';
  beforeAll(() => {
    trainFile = write('train.parquet', encodeParquet(table(train)));
    testFile = write('test.csv', encodeCsv(table(test)));
  });

  it('a table, a recommended head, a saved one, and its predictions', async () => {
    const head = at('head.safetensors');
    const flags = ['--test', testFile, '--save', head, '--head', 'logistic-prior', '--seed', '3'];
    const ran = await longtail(['rebalance', trainFile, ...flags]);
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    expect(ran.stdout).toMatch(/222 training rows, 90 of test; 6 numbers a row; 3 classes, imbalance 12\.5/);
    expect(ran.stdout).toMatch(/^ncm +(\* +)?\d+\.\d +\d+\.\d +\d+\.\d +\d/m);
    expect(ran.stdout).toMatch(/logistic-prior +C [\d.]+ \(train-folds\)/);
    expect(ran.stdout).toMatch(/^\* [a-z-]+ has a balanced accuracy of/m);
    expect(ran.stdout).toMatch(/next: .* predict .*head\.safetensors/);
    const made = decodeClassifier(readFileSync(head));
    expect(made).toMatchObject({ classNames: ['auk', 'sea eagle', 'wren'], prior: 'uniform' });
    expect([...(made.counts as Int32Array)]).toEqual([150, 12, 60]);
    expect(made.made).toMatchObject({ head: 'logistic-prior', learns: 'rows', seed: 3, rows: 222 });
    made.dispose();

    const csv = await longtail(['predict', head, testFile, '--sets', '0.1']);
    const [title, ...lines] = csv.stdout.trim().split('\n');
    expect([csv.code, title, lines.length]).toEqual([0, 'label,probability,set', 90]);
    const right = lines.filter((line, i) => line.startsWith(test.label[i]!)).length;
    expect(right).toBeGreaterThan(75); // of 90, a class apart by 2.5 deviations
    const covered = lines.filter((line, i) => line.includes(`""${test.label[i]}""`)).length;
    expect(covered).toBeGreaterThan(72); // 81 expected; 0.8 is 3 deviations below 0.9

    const sets = await longtail(['predict', head, testFile, '--sets', '.1', '--out', at('sets.parquet')]);
    expect([sets.code, sets.stdout]).toEqual([0, expect.stringMatching(/^90 rows predicted, in /)]);
    await using withSets = await openArrays(at('sets.parquet'));
    const same = (await withSets.readTexts('set')).filter((set, i) =>
      lines[i]!.includes(set.replaceAll('"', '""')),
    );
    expect(same).toHaveLength(90);

    const npy = await longtail(['predict', head, testFile, '--out', at('p/all.npy'), '--prior', 'estimate']);
    expect([npy.code, npy.stderr]).toEqual([0, expect.stringMatching(/prior estimated by 90 rows/)]);
    await using all = await openArrays(at('p/all.npy'));
    const { shape, data } = await all.read();
    expect(shape).toEqual([90, 3]);
    expect((data[0] as number) + (data[1] as number) + (data[2] as number)).toBeCloseTo(1, 5);
    const parquet = await longtail(['predict', head, testFile, '--out', at('p.parquet'), '--prior', 'train']);
    expect(parquet.code).toBe(0);
    await using columns = await openArrays(at('p.parquet'));
    expect(columns.arrays.map(({ name }) => name)).toEqual(['label', 'probability']);
    expect(NAMES).toContain((await columns.readTexts('label'))[0]);
  });

  it('what cannot be predicted ends with a sentence, and leaves nothing', async () => {
    const head = at('ncm.safetensors');
    const saved = await longtail([
      ...['rebalance', trainFile, '--test', testFile, '--heads', 'ncm', '--features-from', 'trained'],
      ...['--save', head, '--head', 'ncm', '--json'],
    ]);
    expect([saved.code, JSON.parse(saved.stdout).saved]).toEqual([0, 'ncm']);
    const bytes = readFileSync(head);
    const narrow = write('narrow.npy', encodeNpy({ shape: [2, 5], data: new Float32Array(10) }));
    const bad = write(
      'nan.npy',
      encodeNpy({ shape: [2, 6], data: new Float32Array(12).fill(Number.NaN, 7, 8) }),
    );
    const cut = write('cut.safetensors', bytes.subarray(0, bytes.length - 20));
    const rows: [string[], number, RegExp][] = [
      [
        [head, narrow],
        1,
        /expected 6 numbers a row, as .*ncm\.safetensors was fitted on, but .*narrow\.npy has 5/,
      ],
      [[head, bad], 1, /expected finite features in .*nan\.npy, but row 1 \(from 0\) holds NaN/],
      [[cut, testFile], 1, /cut\.safetensors/],
      [[head, testFile, '--sets', '0.1'], 2, /--sets needs rows that were held out/],
      [[head, testFile, '--prior', 'uniform'], 2, /--prior moves heads that were fitted on rows as they are/],
    ];
    for (const [args, exit, message] of rows) {
      const ended = await longtail(['predict', ...args, '--out', at('never.csv')]);
      expect([ended.code, ended.stderr]).toEqual([exit, expect.stringMatching(message)]);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(existsSync(at('never.csv'))).toBe(false);
  });

  it.each([
    [['--heads', 'ncm,lwz'], /expected heads among logistic, .* but got "lwz"; did you mean "lws"\?/],
    [['--save', 'h.safetensors', '--head', 'knm'], /expected heads among logistic, .* but got "knm"/],
    [['--seeds', '0'], /--seeds takes an integer from 1 to 255/],
    [['--report', 'r.pdf'], /ends in \.html/],
    [['--select', 'test'], /Allowed choices are val, train-folds, default/],
    [
      ['--save', 'h.safetensors', '--head', 'ncm', '--heads', 'lws'],
      /--head ncm is not among the heads logistic, lws/,
    ],
    [['--save', 'head.pt'], /ends in \.safetensors/],
    [['--head', 'ncm'], /there is no --save/],
    [['--seed', 'x'], /--seed takes an integer/],
    [['--test-labels', 'y.npy'], /there is none; name the test features/],
    [['--joint', 'w.npy', '--features-from', 'foreign'], /--features-from is trained, not foreign/],
  ])('%j is wrong usage', async (flags, message) => {
    const ended = await longtail(['rebalance', trainFile, ...flags]);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it.each(['rebalance', 'predict'])('%s --help has examples', async (command) => {
    expect((await longtail([command, '--help'])).stdout).toMatch(/Examples:\n {2}node src\/cli\.ts /);
  });
});

describe('few rows and bad ones', { timeout: 120_000 }, () => {
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

  it('16 rows, a class of one row, more numbers than rows: by folds, which is said; no tensor is left', async () => {
    const file = write('few.parquet', encodeParquet(table(birds([11, 4, 1], 'few', 40))));
    const before = tf.memory().numTensors;
    const save = at('few.safetensors');
    const { board, notes } = await rebalance(file, { ...options, heads: 'ncm,lda,crt,lws,tau', save });
    expect(tf.memory().numTensors).toBe(before);
    expect([board.testedOn, board.testedRows]).toEqual(['folds', 15]);
    expect(notes.join(' ')).toMatch(/classes of one training row, which is fitted and never tested: 1\./);
    expect(notes.join(' ')).toMatch(
      /no test part was given: every row is tested by one of 5 stratified folds/,
    );
    expect(board.selection).toMatchObject({
      how: 'default',
      isWarning: true,
      reason: expect.stringMatching(/fewer than 50/),
    });
    for (const { scores, ece } of board.entries)
      expect(Number.isFinite(scores.meanOfClasses + ece)).toBe(true);
    decodeClassifier(readFileSync(save)).dispose();
  });

  it('rows that are not finite are refused by number, or left out and said, and are in the CSV', async () => {
    const { x, label } = birds([20, 20, 20], 'bad');
    x[6 * 17 + 2] = Number.NaN;
    x[6 * 40] = Number.NEGATIVE_INFINITY;
    x.copyWithin(6 * 3, 0, 6);
    const file = write('bad.parquet', encodeParquet(table({ x, label })));
    const folder = at('audit');
    const heads = 'ncm';
    await expect(rebalance(file, { ...options, heads, audit: folder })).rejects.toThrow(
      /NaN or infinities are in 2 of 60 rows of .*bad\.parquet: 17, 40 \(from 0\); .*--drop-bad/,
    );
    const text = (name: string): string => readFileSync(join(folder, `${name}.csv`), 'utf8');
    expect(text('not-finite')).toBe('part,row\ntrain,17\ntrain,40\n');
    expect(text('twice')).toBe('part,row,same_as\ntrain,3,train 0\n');
    expect(text('constant-columns')).toBe('column\n');
    const { board, notes } = await rebalance(file, { ...options, heads, dropBad: true });
    expect(board.testedRows).toBe(58);
    expect(notes.join(' ')).toMatch(/left out by --drop-bad, not finite: 2 of 60 rows/);
  });

  it('folds of rows that the backbone was trained on, and of classes of one row each, are refused', async () => {
    const file = write('alone.parquet', encodeParquet(table(birds([1, 1, 1], 'alone'))));
    await expect(rebalance(file, options)).rejects.toThrow(/each of the 3 rows of .* is the only one of its/);
    await expect(rebalance(file, { ...options, featuresFrom: 'trained' })).rejects.toThrow(
      /expected a test part with --features-from trained, because/,
    );
  });

  it('a row of test that is in train is said', async () => {
    const file = write('twice.parquet', encodeParquet(table(birds([20, 20, 20], 'twice'))));
    const { notes } = await rebalance(file, { ...options, heads: 'ncm', test: file });
    expect(notes.join(' ')).toMatch(
      /rows of one part that are in another, too, byte by byte, so that scores on them flatter: 60/,
    );
  });

  it('heads whose scores are no probabilities get a temperature from held-out rows', async () => {
    const counts = Array.from({ length: 3 }, () => 60);
    const file = write('warm.parquet', encodeParquet(table(birds(counts, 'warm'))));
    const test = write('warm-test.parquet', encodeParquet(table(birds(counts, 'warm test'))));
    const before = tf.memory().numTensors;
    const run = async (featuresFrom: 'foreign' | 'trained') =>
      (await rebalance(file, { ...options, test, featuresFrom, heads: 'ncm,crt,tau' })).board.entries.slice(
        1,
      );
    const [chosen, fixed] = [await run('foreign'), await run('trained')];
    expect(tf.memory().numTensors).toBe(before);
    for (const [i, { settings, select, ece }] of chosen.entries()) {
      expect([select, fixed[i]!.select]).toEqual(['train-folds', 'default']);
      expect(fixed[i]!.settings[0]!.temperature).toBe(1);
      expect(settings[0]!.temperature).not.toBe(1);
      expect(ece).toBeLessThan(0.12); // of 180 rows: about 0.05 of it is noise
    }
    expect(fixed[0]!.ece).toBeGreaterThan(0.2); // NCM's distances as they are
  });

  it('validation rows choose and calibrate where the backbone has seen the training rows', async () => {
    const sizes = { train: [150, 60, 30], val: [60, 60, 60], test: [20, 20, 20] };
    const parts = Object.entries(sizes).map(([split, counts]) => ({ split, ...birds(counts, split) }));
    const x = Float32Array.from(parts.flatMap((part) => [...part.x]));
    const label = parts.flatMap((part) => part.label);
    const split = parts.flatMap((part) => part.label.map(() => part.split));
    const file = write('three.parquet', encodeParquet({ ...table({ x, label }), split }));
    const save = at('three.safetensors');
    const given = { ...options, featuresFrom: 'trained', heads: 'ncm', head: 'ncm', save } as const;
    const { board, parts: found } = await rebalance(file, given);
    expect([board.entries[1]!.select, board.selection.reason]).toEqual([
      'val',
      'chosen on the validation rows.',
    ]);
    expect([found.train, found.validation!, found.test!].map(({ labels }) => labels.length)).toEqual([
      240, 180, 60,
    ]);
    const test = write('three-test.csv', encodeCsv(table(birds(sizes.test, 'test'))));
    const before = tf.memory().numTensors;
    const { bytes, rows } = await predict(save, test, { sets: '0.2', format: 'csv' });
    expect(tf.memory().numTensors).toBe(before);
    const lines = Buffer.from(bytes).toString().trim().split('\n').slice(1);
    const covered = lines.filter((line, i) => line.includes(`""${parts[2]!.label[i]}""`)).length;
    expect([rows, covered > 38]).toEqual([60, true]); // 48 expected, 3.1 deviations each
  });

  it('the same seed gives the same numbers', async () => {
    const file = write('seed.parquet', encodeParquet(table(birds([30, 12, 6], 'seed'))));
    const run = async (seed: number) => {
      const { board } = await rebalance(file, { ...options, heads: 'ncm,tau,crt,marc', seed });
      return board.entries.map(({ scores, comparison, ece }) => [scores, comparison, ece]);
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('says where a fit is, and counts each head once', async () => {
    const file = write('steps.parquet', encodeParquet(table(birds([160, 120, 90], 'steps'))));
    const shown: [number, string][] = [];
    const onProgress = (done: number, _: number, note: string) => void shown.push([done, note]);
    await rebalance(file, { ...options, test: file, heads: 'logistic,crt,lws', seeds: 2, onProgress });
    const of = (done: number) => new Set(shown.filter(([at]) => at === done).map(([, note]) => note));
    expect([...of(0)]).toEqual(
      expect.arrayContaining(['logistic', 'logistic, C = 0.1', 'logistic, iteration 1']),
    );
    expect([...of(1)]).toEqual(expect.arrayContaining(['crt', 'crt, epoch 1', 'crt, epoch 10']));
    expect([...of(2)]).toEqual(expect.arrayContaining(['lws', 'lws, epoch 1', 'lws, epoch 5']));
    expect(shown.at(-1)).toEqual([3, '']);
  });

  it('stops when it is told to, and leaves no tensor', async () => {
    const file = write('stop.parquet', encodeParquet(table(birds([90, 60, 60], 'stop'))));
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const onProgress = (done: number): void => {
      if (done === 4) controller.abort(new Error('enough'));
    };
    const stopped = rebalance(file, { ...options, test: file, onProgress, signal: controller.signal });
    await expect(stopped).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });
});
