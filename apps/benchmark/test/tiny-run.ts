/** A whole run in a second, in this process: three classes of noise, a small ResNet, a folder of its own. */
import { join } from 'node:path';
import { cifarResNet } from '@longtail/backbones';
import { random } from '@longtail/core';
import { type Dataset, inMemory, type Transform } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { cosine } from '@longtail/optim';
import { evaluateRun } from '../src/evaluate-run.ts';
import type { Recipe, RecipeData } from '../src/recipe.ts';
import { checkRecipeOptions, type RecipeOptions } from '../src/recipe-options.ts';
import type { EngineName, Results } from '../src/results.ts';
import { beginRun, type RunSettings } from '../src/run-directory.ts';
import type { SaveEvery } from '../src/save-every.ts';
import { carryOut, type Progress, type StageName } from '../src/stages.ts';

const COUNTS = { train: [12, 6, 3], test: [2, 2, 2] };

function noise(name: 'train' | 'test', seed: number): Dataset {
  const labels = COUNTS[name].flatMap((count, c) => Array<number>(count).fill(c));
  const { uniform } = random(seed, name);
  const pixels = Uint8Array.from({ length: labels.length * 8 * 8 * 3 }, () => 256 * uniform());
  return inMemory(name, { pixels, labels, classNames: ['a', 'b', 'c'], shape: [8, 8, 3] });
}

export const tinyPictures = (seed = 0): RecipeData => ({
  train: noise('train', seed),
  test: noise('test', seed),
});

export const recipe: Recipe = {
  name: 'tiny',
  summary: 'noise',
  needsData: false,
  options: { epochs: 1, batchSize: 8, samplers: 'instance-balanced', headEpochs: 1, headBatchSize: 8 },
  statistics: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  augment: (picture) => picture,
  data: async () => tinyPictures(),
  backbone: ({ seed }) => cifarResNet({ depth: 8, seed }),
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs }),
};

export interface Asked {
  readonly recipe?: string;
  readonly seed?: number;
  readonly options?: Partial<RecipeOptions>;
  readonly data?: string;
  readonly pictures?: RecipeData;
  readonly engine?: Partial<EngineName>;
  readonly stages?: readonly StageName[];
  readonly again?: boolean;
  readonly fresh?: boolean;
  /** Whether to stop after the first step; or when. */
  readonly stops?: boolean | ((progress: Progress) => boolean);
  /** Default: pictures stay as they are. */
  readonly augment?: Transform;
  readonly onProgress?: (progress: Progress) => void;
  readonly saveEvery?: SaveEvery;
  /** Whether to begin the run, as `longtail run` does and `longtail extract` does not. */
  readonly begins?: boolean;
}

export const settingsOf = ({ recipe: name = 'demo', seed = 0, options, data = '' }: Asked): RunSettings => ({
  recipe: name,
  seed,
  options: checkRecipeOptions({ ...recipe.options, ...options }, { of: 'the test' }),
  data,
  command: '',
});

/** What `longtail run` does with what is asked for, and the stages that it did. */
export async function carriedOut(
  folder: string,
  asked: Asked = {},
): Promise<{ done: string[]; notes: string[] }> {
  const { backend, device, version } = await loadEngine({ backend: 'auto' });
  const { begins = true, fresh = false, again = false, pictures = tinyPictures() } = asked;
  const wanted = settingsOf(asked);
  const settings = begins ? await beginRun(folder, wanted, { fresh }) : wanted;
  const [done, notes]: [string[], string[]] = [[], []];
  const stop = new AbortController();
  await carryOut(
    {
      folder,
      settings,
      recipe: { ...recipe, augment: asked.augment ?? recipe.augment },
      engine: { backend, device, version, ...asked.engine },
      signal: stop.signal,
      ...(asked.saveEvery && { saveEvery: asked.saveEvery }),
      data: async () => pictures,
      onNote: (note) => notes.push(note),
      onProgress(progress) {
        const { stage } = progress;
        if (done.at(-1) !== stage) done.push(stage);
        asked.onProgress?.(progress);
        const { stops } = asked;
        if (typeof stops === 'function' ? stops(progress) : stops) stop.abort(new Error('stopped'));
      },
    },
    asked.stages ?? ['train', 'extract', 'classify'],
    { again },
  );
  return { done, notes };
}

export async function run(folder: string, asked: Asked = {}): Promise<Results> {
  await carriedOut(folder, asked);
  return evaluateRun(folder);
}

export const at = (folder: string, file: string): string =>
  join(folder, 'instance-balanced', `${file}.safetensors`);
