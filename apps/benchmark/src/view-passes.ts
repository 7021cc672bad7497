/**
 * Stage 2 on k augmented passes that are made once: epoch e learns from pass e mod k. They are a store of features as
 * `longtail extract --views` makes it, seeded and kept, so that other rates and epochs of the heads cost no pass.
 */
import { rm } from 'node:fs/promises';
import { UsageError } from '@longtail/core';
import type { FeatureBatches } from '@longtail/heads';
import { classAware } from '@longtail/samplers';
import { type Learned, passesOf } from './head-features.ts';
import type { LearnWork } from './live-passes.ts';
import { viewsFolder } from './passes.ts';
import type { RunContext } from './stages.ts';
import type { Extracted } from './store/extract-store.ts';
import { storeOfRun } from './store/of-run.ts';
import { type FeatureStore, readFeatureStore } from './store/read-store.ts';
import { storeBatches } from './store/store-batches.ts';

type Run = Pick<RunContext, 'folder' | 'recipe' | 'settings' | 'signal' | 'data' | 'engine'>;

/** Where each view begins: within one, positions of pictures rise. */
function beginsOf({ pictures, length }: FeatureStore): number[] {
  const begins: number[] = [];
  for (let row = 0; row < length; row++)
    if (row === 0 || pictures[row]! <= pictures[row - 1]!) begins.push(row);
  return begins;
}

/** Class-balanced batches of the view that an epoch is on; those at the end that are not full are left out. */
function viewBatches(
  store: FeatureStore,
  { seed, batchSize }: { seed: number; batchSize: number },
): FeatureBatches {
  const begins = beginsOf(store);
  const views = begins.map((begin, view) => {
    const labels = store.labels.subarray(begin, begins[view + 1]);
    const sampler = classAware(labels, { seed });
    const indices = (epoch: number): Int32Array => sampler.indices(epoch).map((row) => begin + row);
    const size = Math.min(batchSize, labels.length);
    return storeBatches(store, { batchSize: size, dropLast: true, indices });
  });
  return (epoch) => views[epoch % views.length]!(epoch);
}

/** @throws as extractStore and readFeatureStore; a store of something else is made anew */
export async function viewPasses(run: Run, { sampler, onImages }: LearnWork): Promise<Learned> {
  const { folder, settings, signal } = run;
  const views = passesOf(settings.options);
  const out = viewsFolder(folder, sampler, views);
  const extract = (): Promise<Extracted> =>
    storeOfRun(out, run, {
      ...{ sampler, layer: 'last', views, splits: ['train'] },
      ...{ signal, onProgress: onImages },
    });
  await extract().catch(async (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    await rm(out, { recursive: true, force: true });
    await extract();
  });
  const store = await readFeatureStore(out, { split: 'train' });
  const { seed, options } = settings;
  return {
    batches: viewBatches(store, { seed, batchSize: options.headBatchSize }),
    statistics: new Map(),
    seconds: 0,
    close: store.close,
  };
}
