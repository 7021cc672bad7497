/**
 * Every recipe of ImageNet-LT, Places-LT and iNaturalist 2018 from its pictures to its report, by the real command, on the
 * layout of the set at the true size of its lists, with small JPEGs in the place of the photos: a few pictures of each split,
 * a few steps of each stage.
 *
 *   node apps/benchmark/test/layouts-program.ts [PART OF A RECIPE'S NAME]
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resNet, saveWeights } from '@longtail/backbones';
import { loadEngine } from '@longtail/engine';
import { encodeSafetensors } from '@longtail/formats';
import { shared } from '@longtail/test-support';
import { recipeNames } from '../src/recipes.ts';
import { longtail } from './longtail.ts';
import { OFFICIAL_LISTS } from './official-lists.ts';
import { writeLayout } from './published-layout.ts';

const SETS: Readonly<Record<string, string>> = {
  'imagenet-lt': 'imagenet-lt',
  'places-lt': 'places-lt',
  'inaturalist-2018': 'inat18',
};
/** Two steps an epoch; the second epoch's rate is 0 by the official schedule. */
const FEW = ['imagesPerSplit=4', 'epochs=2', 'batchSize=2', 'headEpochs=2', 'headBatchSize=2'];

const asked = process.argv[2] ?? '';
const root = mkdtempSync(join(tmpdir(), 'longtail-layouts-'));
const pretrained = join(root, 'resnet-152.safetensors');

/** Random weights under PyTorch's names, in the place of a download. */
async function writePretrained(): Promise<void> {
  await loadEngine({ backend: 'auto' });
  const backbone = resNet('resnet-152', { seed: 1 });
  await writeFile(pretrained, encodeSafetensors(saveWeights(backbone)));
  backbone.dispose();
}

interface Tried {
  readonly rows: readonly { classifier: string; scores: { all: number } }[];
  readonly protocol: { shortened: readonly string[] };
}

/** @throws Error with what the command said */
async function tried(recipe: string, data: string): Promise<Tried> {
  const out = join(root, 'run');
  rmSync(out, { recursive: true, force: true });
  const own = recipe === 'places-lt' ? [`pretrained=${pretrained}`] : [];
  const set = ['samplers=instance-balanced', ...FEW, ...own];
  const ended = await longtail(['run', recipe, '--data', data, '--out', out, '--json', '--set', ...set]);
  if (ended.code !== 0) throw new Error(`${recipe} ended with ${ended.code}: ${ended.stderr}`);
  return JSON.parse(ended.stdout);
}

function expectTried({ rows, protocol }: Tried): void {
  const classifiers = rows.map(({ classifier }) => classifier).join(', ');
  if (classifiers !== 'joint, ncm, crt, tau, lws')
    throw new Error(`expected five classifiers, not ${classifiers}`);
  if (!protocol.shortened.includes('4 pictures of each split at most'))
    throw new Error(`expected results that say what is cut short, not ${protocol.shortened}`);
}

try {
  for (const [set, folder] of Object.entries(SETS)) {
    const recipes = recipeNames.filter((name) => name.startsWith(set) && name.includes(asked));
    const lists = shared(join('data', folder));
    if (recipes.length === 0) continue;
    if (!existsSync(lists)) {
      console.log(`${set}: left out, for ${lists} is not there`);
      continue;
    }
    const data = join(root, set);
    let start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
    mkdirSync(data);
    const pictures = await writeLayout(data, OFFICIAL_LISTS[folder]!(lists));
    console.log(`${set}: ${pictures.toLocaleString('en')} pictures, ${seconds()}`);
    if (set === 'places-lt') await writePretrained();
    for (const recipe of recipes) {
      start = performance.now();
      expectTried(await tried(recipe, data));
      console.log(`${recipe}: every stage, ${seconds()}`);
    }
    rmSync(data, { recursive: true });
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
