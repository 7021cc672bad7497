/**
 * A store of features larger than memory should hold, and what is fitted on it: NCM and one epoch of cRT, by themselves in a process,
 * with the most memory that it has taken. Ends with code 1 where that is more than BOUND.
 *
 * usage: pnpm store-memory make FOLDER COUNTS.tsv [CLASSES] [DIM]
 *        pnpm store-memory fit FOLDER [BOUND in GB] [STEPS]
 *        (COUNTS.tsv: `label ... train_count` lines; default: all classes, 2048, 1.5 GB, a whole epoch. Of the 437,513 rows of
 *        iNaturalist 2018 the store has 3.6 GB, and both fits together took 0.88 GB)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { crt, ncm } from '@longtail/heads';
import { classAware } from '@longtail/samplers';
import { drawn } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { plannedOf, type StoredShard, type StoreManifest, writeManifest } from '../src/store/manifest.ts';
import { readFeatureStore } from '../src/store/read-store.ts';
import { storeBatches, storeRows } from '../src/store/store-batches.ts';
import { writeShard } from '../src/store/write-shard.ts';

const [mode, folder = '', ...given] = process.argv.slice(2);
const BATCH = 512;

/** Its class's signature and noise, both windows of one drawn sequence. */
function rowsOf(
  labels: Int32Array,
  { start, dim, pool }: { start: number; dim: number; pool: Float32Array },
) {
  const features = new Float32Array(labels.length * dim);
  const room = pool.length - dim;
  labels.forEach((label, i) => {
    const [noise, signature] = [((start + i) * 7919) % room, (label * 104_729) % room];
    for (let d = 0; d < dim; d++) features[i * dim + d] = pool[signature + d]! + 2 * pool[noise + d]!;
  });
  return features;
}

async function make(counts: readonly number[], dim: number): Promise<void> {
  const all = Int32Array.from(counts.flatMap((n, c) => Array<number>(n).fill(c)));
  const split = { name: 'train', pictures: all.length, views: 1, transform: 'none', data: 'drawn' } as const;
  const manifest: StoreManifest = {
    ...{ format: 'longtail features', version: 1, of: { weights: 'drawn' }, dim, dtype: 'float32' },
    ...{ shardRows: 4096, classNames: counts.map((_, c) => `class ${c}`), splits: [split], shards: [] },
  };
  const pool = drawn('store', 2 ** 20, [-1, 1]);
  const shards: StoredShard[] = [];
  for (const planned of plannedOf(manifest)) {
    const { start, end } = planned;
    const labels = all.slice(start, end);
    const indices = labels.map((_, i) => start + i);
    const rows = { features: rowsOf(labels, { start, dim, pool }), labels, indices };
    shards.push(await writeShard(folder, planned, rows, manifest));
  }
  await writeManifest(folder, { ...manifest, shards });
  console.info(JSON.stringify({ rows: all.length, dim, classes: counts.length, shards: shards.length }));
}

async function fit(bound: number, steps: number): Promise<void> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(name: string, run: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const found = await run();
    seconds[name] = Math.round((performance.now() - start) / 100) / 10;
    return found;
  };
  await loadEngine({ backend: 'torch', device: 'cpu' });
  const before = tf.memory().numTensors;
  using store = await timed('open', () => readFeatureStore(folder));
  const { length: rows, dim: featureDim, labels } = store;
  const numClasses = store.classNames.length;
  const nearest = await timed('ncm', () => ncm(storeRows(store), labels, { numClasses }));
  const { indices } = classAware(labels, { seed: 0 });
  const size = Math.min(BATCH, rows);
  const some = (epoch: number): Int32Array => indices(epoch).subarray(0, steps * size);
  const batches = storeBatches(store, { batchSize: size, indices: some, dropLast: true });
  await timed('batches', () => {
    for (const { features, labels } of batches(0)) tf.dispose([features, labels]);
  });
  let loss = Number.NaN;
  const onEpoch = (_: number, mean: number): void => {
    loss = mean;
  };
  const options = { featureDim, numClasses, seed: 0, epochs: 1, onEpoch };
  const retrained = await timed('crt', () => crt(batches, options));
  for (const head of [nearest, retrained]) head.dispose();
  const left = tf.memory().numTensors - before;
  const peak = Math.round((process.resourceUsage().maxRSS * 1024) / 1e7) / 100; // KiB to GB
  console.info(JSON.stringify({ rows, featureDim, numClasses, loss, seconds, peak, left }));
  if (!(peak <= bound) || !Number.isFinite(loss) || left !== 0) process.exitCode = 1;
}

if (mode === 'make') {
  const [table = '', classes = 'all', dim = '2048'] = given;
  const lines = readFileSync(table, 'utf8').trim().split('\n').slice(1);
  const counts = lines.map((line) => Number(line.split('\t').at(-1)));
  await make(counts.slice(0, classes === 'all' ? undefined : Number(classes)), Number(dim));
} else if (mode === 'fit') {
  steadyMalloc();
  const [bound = '1.5', steps = 'Infinity'] = given;
  await fit(Number(bound), Number(steps));
} else
  throw new Error(`expected make or fit, but got ${mode}; see ${join('test', 'store-memory-program.ts')}`);
