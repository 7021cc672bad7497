/** `longtail new-recipe`: what it writes runs as it is, whichever way the pictures lie; and what it refuses. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePictures } from './colored-pictures.ts';
import { longtail } from './longtail.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'longtail-new-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (...args: string[]) => longtail(args, { cwd: folder });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

const SIZES = [
  [60, 80],
  [90, 70],
] as const;

beforeAll(async () => {
  await writePictures(join(folder, "it's flat"), { forest: 20, night: 8, sea: 5 });
  await writePictures(join(folder, 'photos/train'), { forest: 9, night: 4 }, { sizes: SIZES });
  await writePictures(join(folder, 'photos/val'), { forest: 2, night: 2 }, { sizes: SIZES });
  await writePictures(join(folder, 'photos/test'), { forest: 2, night: 2 }, { sizes: SIZES });
  await writePictures(join(folder, 'listed/pictures'), { forest: 12, night: 6 });
  const lines = (from: number, to: number) =>
    ['forest', 'night'].flatMap((name, label) =>
      Array.from({ length: to - from }, (_, i) => `pictures/${name}/${from + i}.png ${label}`),
    );
  writeFileSync(join(folder, 'listed/mine_train.txt'), lines(0, 4).join('\n'));
  writeFileSync(join(folder, 'listed/mine_test.txt'), lines(4, 6).join('\n'));
  await writePictures(join(folder, 'few'), { forest: 4, night: 2 });
  mkdirSync(join(folder, 'empty'));
  await writePictures(join(folder, 'odd/train'), { forest: 6, night: 4, sea: 3 }, { sizes: SIZES });
  await writePictures(join(folder, 'odd/test'), { forest: 2, night: 2 }, { sizes: SIZES });
  const damaged = join(folder, 'odd/train/night/1.png');
  writeFileSync(damaged, readFileSync(damaged).subarray(0, 60));
  await writePictures(join(folder, 'twice/pictures'), { forest: 4 });
  for (const split of ['train', 'test'])
    writeFileSync(join(folder, `twice/${split}.txt`), 'pictures/forest/0.png 0\npictures/forest/1.png 0\n');
});

const SHORT = ['epochs=1', 'batchSize=4', 'headEpochs=1', 'headBatchSize=4', 'imagesPerSplit=6'];

describe.skipIf(!torchLibrary())('new-recipe', { timeout: 120_000 }, () => {
  it.each([
    ['flat', "it's flat", 'ResNet-32', 3, 'class-balanced training images'],
    ['listed', 'listed', 'ResNet-32', 2, 'class-balanced training images'],
    ['photos', 'photos', 'ResNet-18', 2, 'validation'],
  ])('%s: writes what runs', async (name, data, network, classes, selection) => {
    const written = await inFolder('new-recipe', name, '--data', data);
    expect([written.code, written.stderr]).toEqual([0, '']);
    expect(written.stdout).toMatch(new RegExp(`next: .+ run \\./${name}\\.ts --dry-run\n$`));
    expect(read(`${name}.ts`)).toContain(network);
    expect(read(`${name}.ts`)).toMatch(new RegExp(`\\* {3}node \\S*cli\\.ts run \\./${name}\\.ts\n`));
    const set = ['--json', '--out', `runs/${name}`, '--set', 'samplers=instance-balanced', ...SHORT];
    const ended = await inFolder('run', `./${name}.ts`, ...set);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const { dataset, rows, protocol } = JSON.parse(ended.stdout);
    expect(rows.length).toBe(5);
    expect(dataset.trainCounts.length).toBe(classes);
    expect(protocol.selectionSplit).toBe(selection);
  });

  it('leaves out a damaged picture, and says which classes have no test picture', async () => {
    const { stderr } = await inFolder('new-recipe', 'odd', '--data', 'odd');
    expect(stderr).toMatch(/1 of 3 classes have no test picture.*\n.*left out and counted/);
    expect(read('odd.ts')).toMatch(/left out and counted \(onBadImage\): .*night.1\.png/);
    expect(read('odd.ts')).toContain('1 of 3 classes have no test picture, the first of them sea');
    expect(read('odd.ts')).toContain("onBadImage: 'skip'");
    const set = ['--json', '--out', 'runs/odd', '--set', 'samplers=instance-balanced', ...SHORT.slice(0, 4)];
    const ended = await inFolder('run', './odd.ts', ...set);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(ended.stdout).protocol.skipped).toBe(1);
  });

  it('says that the test is the training set, and that there is one class', async () => {
    await inFolder('new-recipe', 'twice', '--data', 'twice');
    expect(read('twice.ts')).toContain('test.txt is train.txt, to the byte');
    expect(read('twice.ts')).toContain('There is one class alone');
  });

  it('leaves a file that is there as it is', async () => {
    writeFileSync(join(folder, 'mine.ts'), '// mine');
    const { code, stderr } = await inFolder('new-recipe', 'mine', '--data', 'photos');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('mine.ts is there already and stays as it is'),
    ]);
    expect(read('mine.ts')).toBe('// mine');
  });

  it.each([
    ['../mine', 'photos', 2, "a recipe's name is of letters"],
    ['demo', 'photos', 2, 'there is a recipe demo already'],
    ['none', 'nowhere', 1, 'expected a folder of pictures in '],
    ['none', 'empty', 1, 'expected a folder a class in '],
    ['none', 'few', 1, 'expected a class of 5 pictures at least in '],
  ])('%s of %s: %i', async (name, data, code, sentence) => {
    const ended = await inFolder('new-recipe', name, '--data', data);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(sentence)]);
  });

  it('writes what TypeScript and an editor of this project take', async () => {
    const paths = { '@longtail/benchmark': [`${REPOSITORY}/apps/benchmark/src/index.ts`] };
    const types = { '@longtail/*': [`${REPOSITORY}/packages/*/src/index.ts`] };
    const tensors = {
      '@tensorflow/*': [`${REPOSITORY}/apps/benchmark/node_modules/@tensorflow/*/dist/index.d.ts`],
    };
    const compilerOptions = {
      ...{ isolatedDeclarations: false, typeRoots: [`${REPOSITORY}/node_modules/@types`], noEmit: true },
      paths: { ...paths, ...types, ...tensors },
    };
    const include = ['flat.ts', 'listed.ts', 'photos.ts', 'odd.ts'];
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const config = { extends: `${REPOSITORY}/tsconfig.base.json`, compilerOptions, include };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(REPOSITORY, 'node_modules/.bin/tsc');
    const checked = promisify(execFile)(tsc, ['-p', folder]);
    await expect(checked).resolves.toMatchObject({ stdout: '' });
  });
});
