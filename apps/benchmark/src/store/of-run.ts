/** A store of features by each representation of a run, in a folder of the name of its sampler. */
import { join } from 'node:path';
import { fingerprints } from '../data-fingerprint.ts';
import { sha256Of } from '../file-hash.ts';
import { engineParts } from '../run-stamp.ts';
import { samplerLabel, samplerNames } from '../samplers.ts';
import { stageFile } from '../stage-file.ts';
import { extractStamp } from '../stage-stamps.ts';
import type { RunContext } from '../stages.ts';
import { trainedRepresentation } from '../trained-representation.ts';
import { type Extracted, extractStore } from './extract-store.ts';
import { networkOf } from './network.ts';
import type { StoreWork } from './of-checkpoint.ts';

type Run = Pick<RunContext, 'recipe' | 'settings' | 'folder' | 'data' | 'engine'>;
type RunWork = Omit<StoreWork, 'seed'>;

/** By one representation. @throws DataError where it is not trained to its end, and as {@link extractStore} */
export async function storeOfRun(
  out: string,
  run: Run,
  { sampler, layer, ...options }: RunWork & { readonly sampler: string },
): Promise<Extracted> {
  const { recipe, settings, folder, engine } = run;
  const { backbone, joint } = await trainedRepresentation(run, sampler);
  try {
    const network = networkOf(backbone, { layer, statistics: recipe.statistics });
    const weights = `sha256 ${await sha256Of(stageFile(folder, sampler, 'representation'))}`;
    const own = { recipe: recipe.name, sampler: samplerLabel(sampler) };
    const of = { weights, layer, ...own, ...engineParts(engine) };
    const { seed } = settings;
    const { onBadImage } = settings.options;
    const job = { ...options, recipe, seed, onBadImage, of };
    return await extractStore(out, network, await run.data(), job);
  } finally {
    backbone.dispose();
    joint.dispose();
  }
}

/**
 * @param out gets a store a sampler
 * @throws UsageError, DataError where the pictures are not those of the run, a representation is not trained to its end, and as
 *   {@link extractStore}
 */
export async function storesOfRun(
  out: string,
  run: Run,
  options: RunWork,
): Promise<ReadonlyMap<string, Extracted>> {
  const { settings, folder, engine } = run;
  const prints = fingerprints(await run.data());
  const stores = new Map<string, Extracted>();
  for (const sampler of samplerNames(settings.options.samplers)) {
    await extractStamp({ folder, settings, engine, prints: () => prints }, sampler);
    const label = samplerLabel(sampler);
    stores.set(label, await storeOfRun(join(out, label), run, { ...options, sampler }));
  }
  return stores;
}
