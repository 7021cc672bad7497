/** From the command line to a run that can be carried out: recipe, folder, engine, progress. */
import { join } from 'node:path';
import { type Autocast, type BackendName, cacheFolder, type DeviceName, loadEngine } from '@longtail/engine';
import { timeKernels } from '../kernel-table.ts';
import type { Recipe, RecipeData } from '../recipe.ts';
import { recipeData } from '../recipe-data.ts';
import { findRecipe } from '../recipes.ts';
import type { EngineName } from '../results.ts';
import { openRun } from '../run-directory.ts';
import { carryOut, type StageName } from '../stages.ts';
import { installProgress } from './engine.ts';
import { bar } from './progress.ts';

export interface EngineFlags {
  readonly backend: BackendName;
  readonly device: DeviceName;
  readonly autocast?: Autocast;
}

/** Loads what computes; where it must be fetched first, progress says so. */
export async function engineOf(
  { backend, device, autocast }: EngineFlags,
  { signal }: { signal: AbortSignal },
): Promise<EngineName> {
  const install = installProgress(backend === 'tensorflow' ? 'TensorFlow' : 'libtorch');
  const wanted = { backend, device, autocast, install: true, onProgress: install.show, signal };
  const engine = await loadEngine(wanted).finally(install.stop);
  if (engine.note) process.stderr.write(`${engine.note}\n`);
  const { backend: name, device: where, version } = engine;
  return { backend: name, device: where, version, ...(autocast && { autocast }) };
}

/** A recipe's pictures, with a progress bar where they are not at hand at once. */
export async function picturesOf(
  recipe: Recipe,
  { data, seed }: { data: string; seed: number },
): Promise<RecipeData> {
  const progress = bar('reading {bar} {value}/{total} pictures  {rate} pictures/s  ETA {eta_formatted}');
  const cache = join(cacheFolder(), 'datasets');
  return recipeData(recipe, { data, cache, seed, onProgress: progress.update }).finally(progress.stop);
}

/**
 * Carries out stages of the run in a folder, with a progress bar a stage and sampler.
 *
 * @param options.profile of how many training steps to print the kernels' table, on stderr
 */
export async function carryOutIn(
  folder: string,
  stages: readonly StageName[],
  {
    engine: flags,
    signal,
    again = false,
    profile = 0,
  }: { engine: EngineFlags; signal: AbortSignal; again?: boolean; profile?: number },
): Promise<void> {
  const settings = await openRun(folder);
  const recipe = await findRecipe(settings.recipe);
  const engine = await engineOf(flags, { signal });
  let reading: Promise<RecipeData> | undefined;
  const data = (): Promise<RecipeData> => {
    reading ??= picturesOf(recipe, settings);
    return reading;
  };
  const onTable = (table: string) => void process.stderr.write(`\n${table}\n`);
  const kernels = profile > 0 ? timeKernels({ steps: profile, onTable }) : undefined;

  let current = '';
  let progress = bar('');
  try {
    await carryOut(
      {
        folder,
        settings,
        recipe,
        signal,
        data,
        engine,
        onProgress({ place, places, sampler, stage, done, total, unit, note }) {
          const title = `${place}/${places} ${sampler} ${stage}`;
          if (title !== current) {
            progress.stop();
            current = title;
            progress = bar(`${title.padEnd(36)} {bar} {rate} ${unit}/s  {note}  ETA {eta_formatted}`);
          }
          progress.update(done, total, { note });
          if (stage === 'train') kernels?.step();
        },
      },
      stages,
      { again },
    );
  } finally {
    progress.stop();
    await kernels?.stop();
  }
}
