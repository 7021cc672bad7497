/** `longtail extract`: features of all pictures, by a run's representations or somebody's weights, as one file or as a store. */
import { resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { Command } from 'commander';
import {
  type CheckpointFlags,
  isOfCheckpoint,
  knownRecipe,
  openCheckpoint,
  withCheckpoint,
} from './checkpoint.ts';
import type { EngineFlags } from './context.ts';
import { expectNotInput } from './expect-not-input.ts';
import { expectNoStore, type StoreFlags, storeOptions, withStore } from './store-options.ts';
import { print } from './terminal.ts';
import { carryOutAgain, withEngine } from './with-engine.ts';

export interface ExtractFlags extends CheckpointFlags, EngineFlags, StoreFlags {
  readonly out?: string;
  readonly onnx?: string;
}

interface Context {
  readonly signal: AbortSignal;
}

async function checkpointToFile(out: string, flags: ExtractFlags, { signal }: Context): Promise<void> {
  const { file, data, options, stop } = await openCheckpoint(flags, {
    title: 'extracting',
    recipe: await knownRecipe(flags),
    signal,
  });
  const { extractCheckpoint } = await import('../extract-checkpoint.ts');
  const { features, evaluation } = await extractCheckpoint(file, data, {
    ...options,
    out: resolve(out),
  }).finally(stop);
  const sizes = Object.entries(features).map(
    ([split, { labels }]) => `${labels.length.toLocaleString('en')} ${split}`,
  );
  const skipped = Object.values(features).reduce((sum, set) => sum + set.skipped, 0);
  const leftOut = skipped > 0 ? `, ${skipped} left out` : '';
  print(
    `${sizes.join(', ')} pictures ${evaluation}${leftOut}: features of ${features.test.featureDim} numbers in ${out}`,
  );
}

const isOtherFile = (out: string): boolean => /\.(npy|npz|csv|tsv|txt|parquet|pkl|pickle|pt|pth)$/i.test(out);

/** @throws UsageError for what an ONNX model does not take */
function expectOnnx(run: string | undefined, flags: ExtractFlags): void {
  const { checkpoint, out, layer, architecture, prefix } = flags;
  if (run !== undefined || checkpoint !== undefined)
    throw new UsageError('expected one of a run, --checkpoint and --onnx, but got two; leave one out.');
  if (out === undefined || isOtherFile(out) || out.endsWith('.safetensors'))
    throw new UsageError(
      `--onnx needs --out, the folder of a store, but got ${out === undefined ? 'none' : `"${out}"`}.`,
    );
  if (layer === 'penultimate' || architecture !== undefined || prefix !== undefined)
    throw new UsageError(
      '--onnx is of the output that the model has: leave out --layer, --architecture and --prefix.',
    );
}

async function extract(run: string | undefined, flags: ExtractFlags, context: Context): Promise<void> {
  const { out } = flags;
  if (flags.onnx !== undefined) {
    expectOnnx(run, flags);
    const { onnxToStore } = await import('./extract-store.ts');
    return onnxToStore({ out: out!, flags, store: storeOptions(flags), ...context });
  }
  const isCheckpoint = isOfCheckpoint(run, flags);
  if (out === undefined && isCheckpoint)
    throw new UsageError(
      'extract --checkpoint needs --out, FILE.safetensors for one file or a folder for a store, but got none.',
    );
  if (out !== undefined && (isOtherFile(out) || (!isCheckpoint && out.endsWith('.safetensors'))))
    throw new UsageError(
      `--out takes ${isCheckpoint ? 'FILE.safetensors for one file, or ' : ''}a folder for a store, but got "${out}".`,
    );
  if (out === undefined || out.endsWith('.safetensors')) {
    expectNoStore(flags, out === undefined ? 'there is no --out' : `${out} is one file`);
    expectNotInput({ '--out': out }, [flags.checkpoint]);
    if (isCheckpoint) return checkpointToFile(out!, flags, context);
    return carryOutAgain(run!, 'extract', { engine: flags, next: 'classify', ...context });
  }
  const { checkpointToStore, runToStore } = await import('./extract-store.ts');
  const job = { out, flags, store: storeOptions(flags), ...context };
  await (isCheckpoint ? checkpointToStore(job) : runToStore(run!, job));
}

const EXAMPLES = `
Examples:
  longtail extract runs/demo-seed-0
  longtail extract runs/demo-seed-0 --out features --dtype float16
  longtail extract --checkpoint resnet.pth --recipe cifar-10-lt --data DIR --out features.safetensors
  longtail extract --checkpoint resnet.pth --recipe cifar-10-lt --data DIR --out features --views 4
  longtail extract --checkpoint resnet.pth --recipe mine.ts --data DIR --out part-1 --shard 1/4
  longtail extract --onnx dinov2.onnx --data DIR --out features
  longtail extract --checkpoint vit.safetensors --architecture vit-base-patch16 --data DIR --out features

A folder as --out becomes a store: shards of safetensors and store.json. Memory holds one shard, and the same command goes on where it
was stopped. Without --recipe a store is of the splits in the folder, short side 256 and the middle 224. A store of a run is a folder a sampler. \`longtail rebalance STORE\` reads it.`;

export const extractCommand = (context: Context): Command =>
  withStore(withEngine(withCheckpoint(new Command('extract'))))
    .description("features of all pictures: by a run's representations, or by somebody's checkpoint")
    .argument('[run]', 'the folder of a run')
    .option('--onnx <file>', 'a model of your own instead, by onnxruntime-node: its one output of features')
    .option('--out <file or folder>', 'FILE.safetensors of a checkpoint, or the folder of a store')
    .addHelpText('after', EXAMPLES)
    .action((run: string | undefined, flags: ExtractFlags) => extract(run, flags, context));
