/**
 * The recipes of the published sets on their layouts, from list to report by the real command: tens of pictures and a narrow
 * ResNet-10 here, the true lists and the recipes' own networks by `pnpm test:layouts`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHITECTURES, resNet, saveWeights } from '@longtail/backbones';
import { encodeSafetensors, openArrays } from '@longtail/formats';
import { torchLibrary } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longtail } from './longtail.ts';
import { type Lists, writeLayout } from './published-layout.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-layouts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (count: number, line: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));

const SETS: Readonly<Record<string, Lists>> = {
  'imagenet-lt-resnet-10': {
    'ImageNet_LT_train.txt': lines(30, (i) => `train/n0000000${i % 7}/n0000000${i % 7}_${i}.JPEG ${i % 7}`),
    'ImageNet_LT_val.txt': lines(12, (i) => `train/n0000000${i % 7}/n0000000${i % 7}_9${i}.JPEG ${i % 7}`),
    'ImageNet_LT_test.txt': lines(12, (i) => `val/n0000000${i % 7}/ILSVRC2012_val_${i}.JPEG ${i % 7}`),
  },
  'places-lt': {
    'Places_LT_train.txt': lines(30, (i) => `train/airfield-${i % 5}/${i}.jpg ${i % 5}`),
    'Places_LT_val.txt': lines(10, (i) => `train/airfield-${i % 5}/9${i}.jpg ${i % 5}`),
    'Places_LT_test.txt': lines(10, (i) => `val/airfield-${i % 5}/Places365_val_${i}.jpg ${i % 5}`),
  },
  'inaturalist-2018-resnet-50': {
    'iNaturalist18_train.txt': lines(
      30,
      (i) => `train_val2018/Aves/${8136 + (i % 6)}/${i}.jpg ${8136 + (i % 6)}`,
    ),
    'iNaturalist18_val.txt': lines(
      12,
      (i) => `train_val2018/Aves/${8136 + (i % 6)}/9${i}.jpg ${8136 + (i % 6)}`,
    ),
  },
};
const small = { ...ARCHITECTURES['resnet-10'], name: 'small', width: 32 };
const pretrained = join(folder, 'small.safetensors');

/** The recipe with a narrow ResNet-10 in the place of its network. */
function smaller(name: string): string {
  const path = join(folder, `${name}-small.ts`);
  const recipes = join(import.meta.dirname, '../src/recipes.ts');
  writeFileSync(
    path,
    `import { ARCHITECTURES, resNet } from '@longtail/backbones';
import { findRecipe } from ${JSON.stringify(recipes)};
const recipe = await findRecipe('${name}');
export default { ...recipe, backbone: ({ seed }) => resNet({ ...ARCHITECTURES['resnet-10'], name: 'small', width: 32 }, { seed }) };
`,
  );
  return path;
}

const few = ['imagesPerSplit=8', 'epochs=2', 'batchSize=4', 'headEpochs=2', 'headBatchSize=4'];
const run = (name: string, out: string, more: readonly string[] = []) =>
  longtail([
    ...['run', smaller(name), '--data', join(folder, name), '--out', join(folder, out), '--json'],
    ...['--set', ...few, ...more],
  ]);

beforeAll(useTestBackend);
beforeAll(async () => {
  const backbone = resNet(small, { seed: 7 });
  await writeFile(pretrained, encodeSafetensors(saveWeights(backbone)));
  backbone.dispose();
  for (const [name, lists] of Object.entries(SETS)) {
    mkdirSync(join(folder, name));
    await writeLayout(join(folder, name), lists);
  }
});

async function weightsOf(path: string): Promise<Map<string, readonly number[]>> {
  const file = await openArrays(path);
  const weights = new Map<string, readonly number[]>();
  for (const { name } of file.arrays)
    weights.set(name.replace('backbone.', ''), Array.from((await file.read(name)).data, Number));
  await file.close();
  return weights;
}

describe.skipIf(!torchLibrary())('a recipe on the layout of its set', { timeout: 120_000 }, () => {
  it.each(['imagenet-lt-resnet-10', 'inaturalist-2018-resnet-50'])('%s', async (name) => {
    const ended = await run(name, `${name}-out`);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const { rows, dataset, protocol, options } = JSON.parse(ended.stdout);
    expect(rows.map((row: { classifier: string }) => row.classifier)).toEqual([
      'joint',
      'ncm',
      'crt',
      'tau',
      'lws',
    ]);
    expect(dataset.trainCounts.reduce((sum: number, count: number) => sum + count, 0)).toBe(8);
    expect(options.imagesPerSplit).toBe(8);
    expect(protocol.shortened).toContain('8 pictures of each split at most');
    expect(protocol.evaluation).toBe('by resizeShortSide(256), centerCrop(224)');
  });

  it('places-lt trains the last block and the head, from the weights that it is given', async () => {
    const without = await run('places-lt', 'places-none');
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--set pretrained=FILE')]);
    const ended = await run('places-lt', 'places', [`pretrained=${pretrained}`]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const before = await weightsOf(pretrained);
    const after = await weightsOf(join(folder, 'places/instance-balanced/representation.safetensors'));
    const moved = [...before].filter(
      ([name, values]) => JSON.stringify(after.get(name)) !== JSON.stringify(values),
    );
    const ofLast = [...before.keys()].filter((name) => name.startsWith('layer4.'));
    expect(moved.map(([name]) => name).sort()).toEqual(ofLast.sort());
  });

  it('is of another file of weights another training', async () => {
    const other = join(folder, 'other.safetensors');
    const backbone = resNet(small, { seed: 8 });
    await writeFile(other, encodeSafetensors(saveWeights(backbone)));
    backbone.dispose();
    const ended = await run('places-lt', 'places', [`pretrained=${other}`]);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('pretrained=')]);
    const missing = await run('places-lt', 'places-missing', [`pretrained=${folder}/none.pth`]);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringContaining('expected pretrained weights in'),
    ]);
    const wrong = await run('inaturalist-2018-resnet-50', 'wrong', [`pretrained=${folder}/places/run.json`]);
    expect(wrong.code).toBe(1);
  });
});
