/** From the command line to a run that can be carried out: recipe, folder, engine, progress. */
import { join } from 'node:path';
import { type Autocast, type BackendName, cacheFolder, type DeviceName, loadEngine } from '@longtail/engine';
import { timeKernels } from '../kernel-table.ts';
import type { RecipeData } from '../recipe.ts';
import { recipeData } from '../recipe-data.ts';
import { findRecipe } from '../recipes.ts';
import { openRun } from '../run-directory.ts';
import { carryOut, type StageName } from '../stages.ts';
import { installProgress } from './engine.ts';
import { bar } from './progress.ts';

export interface EngineFlags {
  readonly backend: BackendName;
  readonly device: DeviceName;
  readonly autocast?: Autocast;
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
  const { backend, device, autocast } = flags;
  const install = installProgress(backend === 'tensorflow' ? 'TensorFlow' : 'libtorch');
  const engine = await loadEngine({
    backend,
    device,
    autocast,
    install: true,
    onProgress: install.show,
    signal,
  }).finally(install.stop);
  if (engine.note) process.stderr.write(`${engine.note}\n`);
  let reading: Promise<RecipeData> | undefined;
  const data = (): Promise<RecipeData> => {
    const progress = bar('reading {bar} {value}/{total} pictures  {rate} pictures/s  ETA {eta_formatted}');
    reading ??= recipeData(recipe, {
      data: settings.data,
      cache: join(cacheFolder(), 'datasets'),
      seed: settings.seed,
      onProgress: progress.update,
    }).finally(progress.stop);
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
        engine: {
          backend: engine.backend,
          device: engine.device,
          version: engine.version,
          ...(autocast && { autocast }),
        },
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
