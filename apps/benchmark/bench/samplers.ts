/**
 * An epoch of each sampler over iNaturalist 2018 (437,513 images, 8142 classes), beside PyTorch's WeightedRandomSampler on
 * one thread; then the set-up for 5 million images of 100,000 classes.
 * usage: pnpm bench:samplers   (LONGTAIL_BENCH_PYTHON: a Python that has torch; LONGTAIL_SHARED: the real counts)
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

type Make = (labels: Int32Array) => Sampler;
const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 41);
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

/** The counts of iNaturalist 2018, or where they are absent a tail of its size. */
function countsOfINaturalist(): number[] {
  const file = join(
    process.env.LONGTAIL_SHARED ?? join(import.meta.dirname, '../../../../shared'),
    'data/inat18/iNaturalist18_train_counts.tsv',
  );
  if (existsSync(file))
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split('\t')[2]));
  console.error(`no ${file}: counts of an exponential tail instead`);
  return Array.from({ length: 8142 }, (_, c) => 2 + Math.trunc(998 * Math.exp(-c / 420)));
}

function labelsOf(counts: readonly number[]): Int32Array {
  const labels = new Int32Array(counts.reduce((a, b) => a + b));
  let at = 0;
  counts.forEach((n, c) => {
    labels.fill(c, at, at + n);
    at += n;
  });
  return labels;
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** A megabyte figure of what the process has at most had since it began, minus what it had before. */
function largeSetUp(): string {
  const labels = Int32Array.from({ length: 5_000_000 }, (_, i) => (i * 48_271) % 100_000);
  const before = process.memoryUsage();
  const peakBefore = process.resourceUsage().maxRSS;
  let sampler: Sampler | undefined;
  const ms = time(() => {
    sampler = squareRoot(labels, { seed });
  });
  const after = process.memoryUsage();
  const held = (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1e6;
  const peak = (process.resourceUsage().maxRSS - peakBefore) / 1e3;
  const epoch = time(() => sampler!.indices(0));
  return `5,000,000 images, 100,000 classes: set-up ${ms.toFixed(0)} ms, ${held.toFixed(0)} MB held, resident memory grew by ${peak.toFixed(0)} MB; the first epoch ${epoch.toFixed(0)} ms`;
}

const sorted = (times: number[]): number[] => times.toSorted((a, b) => a - b);

function measure(name: string, labels: Int32Array): string {
  const make = MAKE[name]!;
  const setUp = sorted(Array.from({ length: 9 }, () => time(() => make(labels))));
  const sampler = make(labels);
  const first = time(() => sampler.indices(0));
  for (let epoch = 1; epoch < 8; epoch++) sampler.indices(epoch);
  const epochs = sorted(Array.from({ length: ROUNDS }, (_, i) => time(() => sampler.indices(i))));
  const figures = [setUp[4]!, first, epochs[ROUNDS >> 1]!, epochs[0]!].map((ms) => ms.toFixed(1));
  return `| ${name} | ${sampler.length} | ${figures.join(' | ')} |`;
}

console.log(largeSetUp());
const counts = countsOfINaturalist();
const labels = labelsOf(counts);
console.log(`\n${labels.length} images, ${counts.length} classes; ms, ${ROUNDS} epochs`);
console.log(
  '| sampler | length | set-up | first epoch | epoch, median | fastest |\n|---|---|---|---|---|---|',
);
for (const name of Object.keys(MAKE)) console.log(measure(name, labels));
const python = process.env.LONGTAIL_BENCH_PYTHON;
if (python)
  console.log(
    execFileSync(python, [join(import.meta.dirname, 'samplers.py'), String(ROUNDS)], {
      input: JSON.stringify(counts),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
    }).trimEnd(),
  );
else console.error('no PyTorch to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torch');
