/** Published checkpoints through the real command find what plain PyTorch finds (golden/checkpoints.py). */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@longtail/formats';
import { sharedOrSkip, toBeCloseTo, torchLibrary } from '@longtail/test-support';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import type { CheckpointResults } from '../src/evaluate-checkpoint.ts';
import { longtail } from './longtail.ts';

interface Golden {
  readonly cifar: Readonly<Record<string, number>>;
  readonly photos: Readonly<Record<string, { readonly best: number; readonly feature: readonly number[] }>>;
}
const golden: Golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/checkpoints.json'), 'utf8'));
/** In points: two of 10,000 pictures may lie so near a border that another order of float32 sums moves them. */
const BORDER = 0.02;

const root = mkdtempSync(join(tmpdir(), 'longtail-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function evaluated(args: readonly string[]): Promise<CheckpointResults> {
  const { code, stdout, stderr } = await longtail(['evaluate', ...args, '--json']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('evaluating')]);
  return JSON.parse(stdout);
}

describe('networks of CIFAR-10-LT on the JPEG test set', { timeout: 300_000 }, () => {
  const find = (context: TestContext, file: string) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const path = sharedOrSkip(context, `data/weights/${file}`);
    const data = sharedOrSkip(context, 'data/cifar10');
    return evaluated(['--checkpoint', path, '--recipe', 'cifar-10-lt', '--data', data]);
  };

  it('imbalanced-DL, the legacy file with its optimizer: 66.42 %', async (context) => {
    const { checkpoint, dataset, scores, evaluation } = await find(
      context,
      'imbalanced-DL_cifar10_exp_0.01_ERM_ckpt.best.pth.tar',
    );
    expect(Math.abs(100 * scores.all - 66.42)).toBeLessThanOrEqual(BORDER);
    expect(scores.meanOfClasses).toBeCloseTo(scores.all, 6);
    expect(checkpoint).toMatchObject({
      architecture: 'cifar-resnet-32',
      sha256: 'bc2cdb852aa879697bcddf2b26af5c17f6bf26660e2476d9807f273ad597a4ee',
      prefix: 'state_dict.backbone.',
      head: ['state_dict.classifier.weight'],
      states: { epoch: 186, best_acc1: expect.closeTo(71.92, 3) },
    });
    expect(checkpoint.leftOut.filter((name) => !name.startsWith('optimizer.'))).toEqual([
      'epoch',
      'best_acc1',
    ]);
    expect(dataset).toMatchObject({ split: 'test', pictures: 10_000, skipped: 0 });
    expect(dataset.trainCounts).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]);
    expect(evaluation).toBe('as they are');
  });

  it('MetaSAug, whose head has a bias: 73.76 %', async (context) => {
    const file = 'MetaSAug_cifar10_CE_imb0.01.safetensors';
    const { checkpoint, scores } = await find(context, file);
    expect(Math.abs(100 * (scores.all - golden.cifar[file]!))).toBeLessThanOrEqual(BORDER);
    expect(checkpoint).toMatchObject({ prefix: '', head: ['linear.weight', 'linear.bias'], leftOut: [] });
  });
});

describe("the official code's ResNet-10 on photos of many sizes", { timeout: 120_000 }, () => {
  const recipe = join(import.meta.dirname, 'photo-recipe.ts');

  /** Copies the photos into a folder a class, and maps the 1000 rows of the classifier to the classes. */
  function prepare(
    context: TestContext,
    name: string,
    classOf: (photo: { file: string; label: number }) => { folder: string; row: number },
  ): { args: string[]; labels: string[]; right: number } {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const checkpoint = sharedOrSkip(context, 'reference/ResNet10Feature.pth');
    const list = readFileSync(sharedOrSkip(context, 'data/imagenet-sample/list.tsv'), 'utf8');
    const rows = new Map<string, number>();
    let right = 0;
    for (const line of list.trim().split('\n').slice(1)) {
      const [file = '', label] = line.split('\t');
      const { folder, row } = classOf({ file, label: Number(label) });
      mkdirSync(join(root, name, folder), { recursive: true });
      copyFileSync(join(sharedOrSkip(context, 'data/imagenet-sample'), file), join(root, name, folder, file));
      rows.set(folder, row);
      if (row === golden.photos[file]!.best) right++;
    }
    const map = join(root, `${name}.txt`);
    writeFileSync(map, [...rows].map(([folder, row]) => `${row} ${folder}\n`).join(''));
    const args = ['--checkpoint', checkpoint, '--recipe', recipe, '--data', join(root, name)];
    return { args, labels: ['--labels-map', map], right };
  }

  it('features of every photo, by short side and centre crop', async (context) => {
    const { args } = prepare(context, 'by-label', ({ file, label }) => ({
      folder: file.split('_')[0]!,
      row: label,
    }));
    const out = join(root, 'features.safetensors');
    const { code, stdout, stderr } = await longtail(['extract', ...args, '--out', out]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toMatch(
      /^98 train, 98 test pictures by resizeShortSide\(256\), centerCrop\(224\): features of 512/,
    );
    const { arrays, metadata } = decodeSafetensors(readFileSync(out));
    expect(metadata).toMatchObject({
      architecture: 'resnet-10',
      transform: 'by resizeShortSide(256), centerCrop(224)',
    });
    expect(arrays.get('test.labels')!.data).toEqual(Int32Array.from({ length: 98 }, (_, i) => i));
    const files = Object.keys(golden.photos).sort();
    const features = arrays.get('test.features')!.data as Float32Array;
    const sampled = features.filter((_, i) => i % 64 === 0);
    toBeCloseTo(
      sampled,
      files.flatMap((file) => golden.photos[file]!.feature),
      { relative: 1e-4 },
    );
  });

  it('scores of 98 of its 1000 classes, mapped by a file', async (context) => {
    const { args, labels, right } = prepare(context, 'by-label', ({ file, label }) => ({
      folder: file.split('_')[0]!,
      row: label,
    }));
    const { checkpoint, labelsMap, scores, evaluation } = await evaluated([...args, ...labels]);
    expect(checkpoint).toMatchObject({
      prefix: 'state_dict_best.feat_model.module.',
      head: ['state_dict_best.classifier.module.fc.weight', 'state_dict_best.classifier.module.fc.bias'],
      leftOut: ['epoch', 'best_epoch', 'best_acc'],
    });
    expect(labelsMap!.leftOut).toBe(902);
    expect(evaluation).toBe('by resizeShortSide(256), centerCrop(224)');
    expect(scores).toMatchObject({ all: right / 98, many: null, medium: null, few: right / 98 });
    const split = await longtail(['evaluate', ...args, ...labels, '--split', 'validation']);
    expect([split.code, split.stderr]).toEqual([2, 'photos has no validation split; take --split test.\n']);
    const unmapped = await longtail(['evaluate', ...args]);
    expect([unmapped.code, unmapped.stderr]).toEqual([
      1,
      expect.stringMatching(
        /a head of the 98 classes .*module\.fc\.weight" \[1000, 512\].*--labels-map\.\n$/,
      ),
    ]);
  });

  it("names the class of every photo that PyTorch's does", async (context) => {
    const { args, labels } = prepare(context, 'by-answer', ({ file }) => {
      const { best } = golden.photos[file]!;
      return { folder: `answer ${best}`, row: best };
    });
    const { scores } = await evaluated([...args, ...labels]);
    expect(scores).toMatchObject({ all: 1, macroF1: 1, perClass: [1, 1, 1, 1] });
  });
});
