/**
 * An epoch of each sampler over iNaturalist 2018 (437,513 images, 8142 classes), beside PyTorch's WeightedRandomSampler on
 * one thread; then the set-up for 5 million images of 100,000 classes.
 */
import { join } from 'node:path';
import {
  batchSampler,
  capped,
  classAware,
  classBalanced,
  effectiveNumber,
  instanceBalanced,
  inverseFrequency,
  progressivelyBalanced,
  reversed,
  type Sampler,
  squareRoot,
} from '@longtail/samplers';
import type { Command } from 'commander';
import { comparison } from '../comparison.ts';
import { rivalPython, rounds } from '../environment.ts';
import { publishedCounts } from '../published-counts.ts';
import { start } from '../turns/program.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, fastest, median, milliseconds } from '../turns/time.ts';

type Make = (labels: Int32Array) => Sampler;
/** Epochs of each. */
const EPOCHS = 41;
const seed = 0;
const MAKE: Record<string, Make> = {
  'instance-balanced': (labels) => instanceBalanced(labels, { seed }),
  'class-balanced': (labels) => classBalanced(labels, { seed }),
  'square-root': (labels) => squareRoot(labels, { seed }),
  'progressively-balanced': (labels) => progressivelyBalanced(labels, { seed, epochs: 1000 }),
  'inverse-frequency': (labels) => inverseFrequency(labels, { seed }),
  'effective-number': (labels) => effectiveNumber(labels, { seed }),
  reversed: (labels) => reversed(labels, { seed }),
  'class-balanced, images cycled': (labels) => classBalanced(labels, { seed, images: 'cycled' }),
  'class-aware': (labels) => classAware(labels, { seed }),
  'capped at 100': (labels) => capped(labels, { seed, cap: 100 }),
  "class-balanced, rank 1 of 4's batches": (labels) =>
    batchSampler(classBalanced(labels, { seed }), { batchSize: 128, rank: 1, ranks: 4 }),
};

function labelsOf(counts: readonly number[]): Int32Array {
  const labels = new Int32Array(counts.reduce((a, b) => a + b));
  let at = 0;
  counts.forEach((n, c) => {
    labels.fill(c, at, at + n);
    at += n;
  });
  return labels;
}

/** A megabyte figure of what the process has at most had since it began, minus what it had before. */
async function largeSetUp(): Promise<string> {
  const labels = Int32Array.from({ length: 5_000_000 }, (_, i) => (i * 48_271) % 100_000);
  const before = process.memoryUsage();
  const peakBefore = process.resourceUsage().maxRSS;
  let sampler: Sampler | undefined;
  const ms = await milliseconds(() => {
    sampler = squareRoot(labels, { seed });
  });
  const after = process.memoryUsage();
  const held = (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1e6;
  const peak = (process.resourceUsage().maxRSS - peakBefore) / 1e3;
  const epoch = await milliseconds(() => sampler!.indices(0));
  return `5,000,000 images, 100,000 classes: set-up ${ms.toFixed(0)} ms, ${held.toFixed(0)} MB held, resident memory grew by ${peak.toFixed(0)} MB; the first epoch ${epoch.toFixed(0)} ms`;
}

async function measure(name: string, labels: Int32Array, epochs: number): Promise<string> {
  const make = MAKE[name]!;
  const several = async (count: number, run: (i: number) => unknown) => {
    const times: number[] = [];
    for (let i = 0; i < count; i++) times.push(await milliseconds(() => run(i)));
    return times;
  };
  const setUp = await several(9, () => make(labels));
  const sampler = make(labels);
  const [first] = await several(8, (epoch) => sampler.indices(epoch));
  const times = await several(epochs, (epoch) => sampler.indices(epoch));
  const figures = [median(setUp), first!, median(times), fastest(times)].map((ms) => cell(ms, 1));
  return tableRow([name, String(sampler.length), ...figures]);
}

async function run(): Promise<void> {
  const [epochs, python] = [rounds(EPOCHS), rivalPython('torch')];
  console.log(await largeSetUp());
  const counts = publishedCounts('iNaturalist 2018');
  const labels = labelsOf(counts);
  console.log(`\n${labels.length} images, ${counts.length} classes; ms, ${epochs} epochs\n`);
  console.log(tableHead(['sampler', 'length', 'set-up', 'first epoch', 'epoch, median', 'fastest']));
  for (const name of Object.keys(MAKE)) console.log(await measure(name, labels, epochs));
  if (!python) return;
  const rival = [python, join(import.meta.dirname, 'samplers.py'), String(epochs), JSON.stringify(counts)];
  const program = await start('PyTorch', rival as [string, ...string[]]);
  for (const line of (await program?.end()) ?? []) console.log(line);
}

export const samplers: Command = comparison('samplers', {
  what: "an epoch, beside PyTorch's WeightedRandomSampler",
  takes: '2 min',
  needs: 'torch',
  turns: EPOCHS,
}).action(run);
