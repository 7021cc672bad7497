/** From the command line to a run that can be carried out: recipe, folder, engine, progress. */
import { join } from 'node:path';
import { type Autocast, type BackendName, cacheFolder, type DeviceName, loadEngine } from '@longtail/engine';
import { wantsPictures } from '../head-features.ts';
import { timeKernels } from '../kernel-table.ts';
import { provenanceOf, recordProvenance } from '../provenance.ts';
import { alone, expectSameEngine, type Ranks } from '../ranks.ts';
import type { Recipe, RecipeData } from '../recipe.ts';
import { recipeData } from '../recipe-data.ts';
import { findRecipe } from '../recipes.ts';
import type { EngineName } from '../results.ts';
import { isBegun, openRun, type RunSettings } from '../run-directory.ts';
import { runLog } from '../run-log.ts';
import type { SaveEvery } from '../save-every.ts';
import { carryOut, type StageName } from '../stages.ts';
import { check } from './check.ts';
import { bundleFolder } from './command-name.ts';
import { installProgress } from './engine.ts';
import { type Bar, bar } from './progress.ts';
import { tell } from './terminal.ts';

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
  // A bundle is for machines without a network, where pip would try for a minute.
  const wanted = {
    backend,
    device,
    autocast,
    install: bundleFolder() === undefined,
    onProgress: install.show,
    signal,
  };
  const engine = await loadEngine(wanted).finally(install.stop);
  if (engine.note) tell(engine.note);
  const { backend: name, device: where, version } = engine;
  return { backend: name, device: where, version, ...(autocast && { autocast }) };
}

/** A recipe's pictures, with a progress bar where they are not at hand at once. */
export async function picturesOf(
  recipe: Pick<Recipe, 'data'>,
  { data, seed, options }: Pick<RunSettings, 'data' | 'seed'> & Partial<Pick<RunSettings, 'options'>>,
): Promise<RecipeData> {
  const progress = bar('reading', { unit: 'pictures', counts: true });
  const cache = join(cacheFolder(), 'datasets');
  const where = { data, cache, seed, onProgress: progress.update };
  return recipeData(recipe, where, options).finally(progress.stop);
}

/**
 * Carries out stages of the run in a folder, with a progress bar a stage and sampler.
 *
 * @param options.settings default: those that are written down
 * @param options.profile of how many training steps to print the kernels' table, on stderr
 * @returns whether anything was there to do
 */
export async function carryOutIn(
  folder: string,
  stages: readonly StageName[],
  {
    engine: flags,
    ranks,
    settings: begun,
    again = false,
    profile = 0,
    saveEvery,
  }: {
    engine: EngineFlags;
    ranks: Ranks;
    settings?: RunSettings;
    again?: boolean;
    profile?: number;
    saveEvery?: SaveEvery;
  },
): Promise<boolean> {
  const { signal } = ranks;
  const settings = begun ?? (await openRun(folder));
  const recipe = await findRecipe(settings.recipe);
  const engine = await engineOf(flags, { signal });
  expectSameEngine(engine, ranks);
  let reading: Promise<RecipeData> | undefined;
  const data = (): Promise<RecipeData> => {
    reading ??= picturesOf(recipe, settings);
    return reading;
  };
  const run = { folder, settings, recipe, signal, ranks, data, engine, ...(saveEvery && { saveEvery }) };
  await ranks.first(async (own) => {
    const isFirst = stages.includes('train') && !isBegun(folder, settings);
    if (isFirst) await check({ ...run, ranks: alone(own), signal: own, onProgress: () => {} });
  });
  const onTable = (table: string) => void process.stderr.write(`\n${table}\n`);
  const kernels = profile > 0 ? timeKernels({ steps: profile, onTable }) : undefined;

  const isOfPictures = stages.some((stage) => stage !== 'classify') || wantsPictures(settings.options);
  let made: ReturnType<typeof provenanceOf> | undefined;
  const log = runLog(folder, { onRefused: tell });
  let current = '';
  let progress: Bar | undefined;
  try {
    return await carryOut(
      {
        ...run,
        async onStage() {
          const pictures = isOfPictures ? await data() : undefined;
          made ??= provenanceOf({ engine, data: pictures, processes: ranks.size });
          await recordProvenance(folder, await made);
        },
        onNote(note) {
          progress?.stop();
          current = '';
          tell(note);
        },
        onProgress(now) {
          if (ranks.rank > 0) return;
          const { place, places, sampler, stage, done, total, unit, note } = now;
          log(now);
          const title = `${place}/${places} ${sampler} ${stage}`;
          const counted = `${title} ${unit}`; // classify counts pictures, then epochs
          if (counted !== current) {
            progress?.stop();
            current = counted;
            progress = bar(title, { unit, titleWidth: 36 });
          }
          progress!.update(done, total, { note });
          if (stage === 'train') kernels?.step();
        },
      },
      stages,
      { again },
    );
  } finally {
    progress?.stop();
    await kernels?.stop();
  }
}
