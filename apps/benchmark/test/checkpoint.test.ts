/** A checkpoint by the real command, on drawn pictures: a run's own file gives the run's numbers, and bad ones one sentence. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, type NamedArray, openFeatures } from '@longtail/formats';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-checkpoint-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const own = join(root, 'run/instance-balanced/representation.safetensors');

type Arrays = Map<string, NamedArray>;
const state = (): Arrays => new Map(decodeSafetensors(readFileSync(own)).arrays);

/** The run's weights, changed. */
function written(name: string, change: (arrays: Arrays) => void): string {
  const arrays = state();
  change(arrays);
  const path = join(root, `${name}.safetensors`);
  writeFileSync(path, encodeSafetensors(arrays));
  return path;
}

/** Rows in another order: row `r` of the result is row `order[r]`. */
function rowsOf({ shape, data }: NamedArray, order: readonly number[]): NamedArray {
  const width = shape.slice(1).reduce((a, b) => a * b, 1);
  const rows = order.flatMap((row) => [...(data as Float32Array).subarray(row * width, (row + 1) * width)]);
  return { shape: [order.length, ...shape.slice(1)], data: Float32Array.from(rows) };
}

const evaluate = (checkpoint: string, ...flags: string[]) =>
  longtail(['evaluate', '--checkpoint', checkpoint, '--recipe', 'demo', ...flags]);

describe.skipIf(!torchLibrary())('a checkpoint on drawn pictures', { timeout: 120_000 }, () => {
  let joint: { all: number };
  beforeAll(async () => {
    const set = ['epochs=2', 'imagesPerEpoch=640', 'headEpochs=1', 'samplers=instance-balanced'];
    const ran = await longtail(['run', 'demo', '--json', '--out', join(root, 'run'), '--set', ...set]);
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    const { intervals: _, ...scores } = JSON.parse(ran.stdout).rows[0].scores;
    joint = scores;
  }, 120_000);

  it("a run's own representation gives the run's joint scores, and its features to the bit", async () => {
    const { code, stdout, stderr } = await evaluate(own, '--json');
    expect([code, stderr]).toEqual([0, expect.stringContaining('evaluating')]);
    const { scores, checkpoint } = JSON.parse(stdout);
    expect(scores).toEqual(joint);
    expect(checkpoint).toMatchObject({ architecture: 'cifar-resnet-8', head: ['head.weight', 'head.bias'] });

    const out = join(root, 'features.safetensors');
    const extracted = await longtail(['extract', '--checkpoint', own, '--recipe', 'demo', '--out', out]);
    expect([extracted.code, extracted.stderr]).toEqual([0, expect.any(String)]);
    const [theirs, ours] = [out, join(root, 'run/instance-balanced/features.safetensors')].map((path) =>
      decodeSafetensors(readFileSync(path)),
    );
    expect([...theirs!.arrays]).toEqual([...ours!.arrays]);
    expect(theirs!.metadata.transform).toBe('as they are');
    const opened = await openFeatures(out, { features: 'test.features', labels: 'test.labels' });
    await opened.close();
    expect([opened.length, opened.dim, opened.labels?.length]).toEqual([1800, 64, 1800]);
  });

  it('classes in another order and more of them, behind a prefix, mapped by a file', async () => {
    const order = Array.from({ length: 40 }, (_, row) => (row * 7 + 3) % 40).map((row) => Math.min(row, 35));
    const theirs = (ours: number) => order.indexOf(ours);
    const checkpoint = written('permuted', (arrays) => {
      for (const name of ['weight', 'bias']) {
        arrays.set(`model.fc.${name}`, rowsOf(arrays.get(`head.${name}`)!, order));
        arrays.delete(`head.${name}`);
      }
    });
    const map = join(root, 'map.txt');
    writeFileSync(map, Array.from({ length: 36 }, (_, ours) => `${theirs(ours)} ${ours}\n`).join(''));
    const { code, stdout, stderr } = await evaluate(checkpoint, '--labels-map', map, '--json');
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(stdout)).toMatchObject({ scores: joint, labelsMap: { file: map, leftOut: 4 } });
    const short = await evaluate(checkpoint);
    expect([short.code, short.stderr]).toEqual([
      1,
      expect.stringMatching(/36 classes .*"model.fc.weight" \[40, 64\]/),
    ]);
  });

  it('several heads that fit are named, and chosen among', async () => {
    const checkpoint = written('two-heads', (arrays) => {
      arrays.set('second.weight', rowsOf(arrays.get('head.weight')!, [...Array(36).keys()].reverse()));
    });
    const { code, stderr } = await evaluate(checkpoint);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /several heads that fit, "head.weight" \[36, 64\], "second.weight" .*--head\.\n$/,
      ),
    ]);
    const validation = await evaluate(
      checkpoint,
      '--head',
      'second.weight',
      '--split',
      'validation',
      '--json',
    );
    expect(JSON.parse(validation.stdout)).toMatchObject({
      checkpoint: { head: ['second.weight'] },
      dataset: { split: 'validation' },
    });
    const first = await evaluate(checkpoint, '--head', 'head');
    expect(first.stdout).toContain(` ${(100 * joint.all).toFixed(1)} `);
    expect(first.stdout).toMatch(/^head +head.weight, head.bias$/m);
    expect(first.stdout).toMatch(/^left out +.*second.weight/m);
    expect(first.stdout).toMatch(/^sha256 +[0-9a-f]{64}$/m);
    expect(
      first.stdout
        .split('\n')
        .slice(0, 3)
        .every((line) => line.length <= 80),
    ).toBe(true);
    const none = await evaluate(checkpoint, '--head', 'third');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('but got "third"')]);
  });

  it('bad files end with one sentence and 1, and good ones are read afterwards', async () => {
    const cut = join(root, 'cut.safetensors');
    writeFileSync(cut, readFileSync(own).subarray(0, 50_000));
    const spoil = (name: string) => (arrays: Arrays) => {
      const { shape, data } = arrays.get(name)!;
      arrays.set(name, { shape, data: (data as Float32Array).map((x, i) => (i === 5 ? Number.NaN : x)) });
    };
    for (const [path, message] of [
      [cut, /cut\.safetensors/],
      [join(root, 'absent.pth'), /expected a file at .*absent\.pth/],
      [
        written('nan', spoil('backbone.conv1.weight')),
        /"backbone.conv1.weight" is NaN at element 5; take another copy/,
      ],
      [
        written('nan-head', spoil('head.weight')),
        /"head.weight" is NaN at element 5; take another copy of the file\.$/,
      ],
    ] as const) {
      const { code, stdout, stderr } = await evaluate(path, '--json');
      expect([code, stdout, stderr.trim().split('\n').at(-1)]).toEqual([
        1,
        '',
        expect.stringMatching(message),
      ]);
    }
    expect((await evaluate(own)).code).toBe(0);
  });

  it('another architecture is said, and --architecture offered', async () => {
    const out = join(root, 'none.safetensors');
    const flags = ['--architecture', 'cifar-resnet-32', '--out', out];
    const deep = await longtail(['extract', '--checkpoint', own, '--recipe', 'demo', ...flags]);
    expect([deep.code, deep.stderr.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(
        /does not fit cifar-resnet-32: \d+ missing: .*; name the architecture .*--architecture, one of resnet-10, /,
      ),
    ]);
    expect(existsSync(out)).toBe(false);
    const unknown = await evaluate(own, '--architecture', 'resnet-11');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('but got "resnet-11"')]);
  });

  it('two copies of the backbone are said, and --prefix chooses', async () => {
    const checkpoint = written('copies', (arrays) => {
      for (const [name, { shape, data }] of state())
        if (name.startsWith('backbone.'))
          arrays.set(`ema.${name}`, { shape, data: new Float32Array(data.length).fill(0.5) });
    });
    const both = await evaluate(checkpoint);
    expect([both.code, both.stderr]).toEqual([
      1,
      expect.stringMatching(/as "backbone\." and "ema\.backbone\."; name one with --prefix\.\n$/),
    ]);
    const one = await evaluate(checkpoint, '--prefix', 'backbone.', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({ scores: joint, checkpoint: { prefix: 'backbone.' } });
  });
});

describe('what cannot be asked for ends with one line, before anything is loaded', () => {
  it.each([
    [2, ['evaluate'], /expected the folder of a run or --checkpoint FILE, but got neither/],
    [2, ['evaluate', 'run', '--checkpoint', 'x.pth'], /but got both/],
    [
      2,
      ['evaluate', 'run', '--labels-map', 'x'],
      /--labels-map is for --checkpoint, but the run run was named/,
    ],
    [2, ['evaluate', '--checkpoint', 'x.pth'], /--checkpoint needs --recipe, one of demo, cifar-10-lt/],
    [2, ['evaluate', '--checkpoint', 'x.pth', '--recipe', 'cifar'], /but got "cifar"/],
    [1, ['evaluate', '--checkpoint', 'x.pth', '--recipe', 'cifar-10-lt'], /name their folder with --data/],
    [2, ['evaluate', '--checkpoint', 'x.pth', '--recipe', 'demo', '--seed', 'x'], /--seed takes an integer/],
    [
      2,
      ['extract', '--checkpoint', 'x.pth', '--recipe', 'demo'],
      /needs --out, FILE.safetensors for one file or a folder for a store, but got none/,
    ],
    [2, ['extract', '--checkpoint', 'x', '--recipe', 'demo', '--out', 'y.npy'], /but got "y.npy"/],
  ])('%i: %j', async (code, args, message) => {
    const ended = await longtail(args);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', expect.stringMatching(message)]);
  });
});
