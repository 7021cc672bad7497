/** `longtail extract ... --out FOLDER`: a store of features. */
import { resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { folderSource } from '../folder-source.ts';
import type { PictureSource } from '../recipe.ts';
import { findRecipe } from '../recipes.ts';
import { openRun } from '../run-directory.ts';
import { holdRun } from '../run-lock.ts';
import { engineParts, identity } from '../run-stamp.ts';
import type { Extracted, StoreOptions } from '../store/extract-store.ts';
import type { Layer } from '../store/layers.ts';
import { plannedOf } from '../store/manifest.ts';
import { storeOfCheckpoint } from '../store/of-checkpoint.ts';
import { storesOfRun } from '../store/of-run.ts';
import { knownRecipe, openCheckpoint, seedOf } from './checkpoint.ts';
import { engineOf, picturesOf } from './context.ts';
import type { ExtractFlags } from './extract.ts';
import { bar } from './progress.ts';
import { print } from './terminal.ts';

interface Job {
  readonly out: string;
  readonly flags: ExtractFlags;
  readonly store: StoreOptions & { readonly layer: Layer };
  readonly signal: AbortSignal;
}

/** What is there, and what comes next. */
function storeText(out: string, { manifest, kept }: Extracted): string {
  const { splits, shards, dim, dtype, part } = manifest;
  const of = splits.map(({ name, pictures, views, transform }) => {
    const times = views > 1 ? ` x ${views} views` : '';
    return `${pictures.toLocaleString('en')} ${name} pictures${times} ${transform}`;
  });
  const rows = shards.reduce((sum, shard) => sum + shard.rows, 0);
  const whole = part ? ` of ${plannedOf(manifest).length}, part ${part.index}/${part.of}` : '';
  const before = kept > 0 ? `, ${kept} of them from before` : '';
  const next = part ? `longtail features merge STORE ${out} OTHER-PARTS ...` : `longtail rebalance ${out}`;
  return `${of.join(', ')}: ${rows.toLocaleString('en')} rows of ${dim} ${dtype} in ${shards.length} ${shards.length === 1 && !part ? 'shard' : 'shards'}${whole}${before}; next: ${next}`;
}

/** The recipe, or without one the folder; and what a store says that it is of. @throws UsageError for a split that is not there */
async function sourceOf(
  { flags, store }: Pick<Job, 'flags' | 'store'>,
  flag: '--checkpoint' | '--onnx',
): Promise<{ source: PictureSource; splits?: StoreOptions['splits']; of: { recipe?: string } }> {
  const { recipe, data } = flags;
  if (recipe === undefined && data === undefined)
    throw new UsageError(`${flag} needs --recipe, or --data with a folder of pictures, but got neither.`);
  if (recipe !== undefined) {
    const source = await knownRecipe(flags, flag);
    return { source, of: { recipe: (await identity(recipe)) ?? recipe } };
  }
  const { splits, ...source } = folderSource(resolve(data!));
  const lacking = splits && store.splits?.find((name) => !splits.includes(name));
  if (lacking)
    throw new UsageError(
      `--splits asks for ${lacking}, but ${data} has ${splits} alone; leave it out, or put such pictures beside ${data}/train.`,
    );
  return { source, ...(splits && { splits }), of: {} };
}

export async function checkpointToStore({ out, flags, store, signal }: Job): Promise<void> {
  const folder = resolve(out);
  steadyMalloc();
  await holdRun(folder);
  const { source: recipe, of: named, splits } = await sourceOf({ flags, store }, '--checkpoint');
  const opened = await openCheckpoint(flags, { title: 'extracting', recipe, signal });
  const { file, data, engine, options, stop } = opened;
  const of = { ...named, ...engineParts(engine) };
  const job = { ...options, ...(splits && { splits }), ...store, signal, seed: seedOf(flags), of };
  print(storeText(out, await storeOfCheckpoint(folder, { path: file, data }, job).finally(stop)));
}

/** By onnxruntime-node, without an engine of tensors. */
export async function onnxToStore({ out, flags, store, signal }: Job): Promise<void> {
  const { source: recipe, of, splits } = await sourceOf({ flags, store }, '--onnx');
  const seed = seedOf(flags);
  const { storeOfOnnx } = await import('../store/of-onnx.ts');
  await holdRun(resolve(out));
  const { data = '', skipBad } = flags;
  const pictures = await picturesOf(recipe, { data: data && resolve(data), seed });
  const progress = bar('extracting', { unit: 'pictures', counts: true });
  const { layer, ...options } = store;
  const found = await storeOfOnnx(
    resolve(out),
    { path: resolve(flags.onnx!), data: pictures },
    {
      ...(splits && { splits }),
      ...{ ...options, recipe, seed, signal, onBadImage: skipBad ? 'skip' : 'fail' },
      of: { layer, ...of, backend: 'onnxruntime-node' },
      onProgress: (done, total, note) => progress.update(done, total, { note }),
    },
  ).finally(progress.stop);
  print(storeText(out, found));
}

export async function runToStore(run: string, { out, flags, store, signal }: Job): Promise<void> {
  const [folder, target] = [resolve(run), resolve(out)];
  steadyMalloc();
  const settings = await openRun(folder);
  await holdRun(target);
  const recipe = await findRecipe(settings.recipe);
  const engine = await engineOf(flags, { signal });
  const pictures = await picturesOf(recipe, settings);
  const progress = bar('extracting', { unit: 'pictures', counts: true });
  const stores = await storesOfRun(
    target,
    { recipe, settings, folder, engine, data: async () => pictures },
    { ...store, signal, onProgress: (done, total, note) => progress.update(done, total, { note }) },
  ).finally(progress.stop);
  for (const [sampler, extracted] of stores) print(storeText(`${out}/${sampler}`, extracted));
}
