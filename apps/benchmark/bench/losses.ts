/**
 * Losses with their gradients: the part's, the formula as it reads in plain tfjs operations, and PyTorch's, in turn.
 * usage: pnpm bench:losses [PART OF A NAME]   (LONGTAIL_BENCH_PYTHON: a Python that has torch)
 */
import { setTimeout } from 'node:timers/promises';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { LOSS_WORKS, type LossWork, makeLossWork } from './loss-works.ts';
import { peakOf } from './peak-memory.ts';
import { median, startRival } from './rival.ts';

steadyMalloc();
const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 9);
/** Milliseconds of one measurement, at the least. */
const LEAST = 50;

const nameOf = ({ kind, rows, classes }: LossWork): string => `${kind}, ${rows}x${classes}`;

/** Milliseconds of one run. */
async function timed(run: () => void, repeats: number): Promise<number> {
  await setTimeout(10); // the other process's idle threads spin for a while
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return (performance.now() - start) / repeats;
}

async function measure(work: LossWork, place: number): Promise<string> {
  const { ours, naive } = makeLossWork(work);
  const held = peakOf(ours);
  const repeats = Math.ceil(LEAST / (await timed(ours, 1)));
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = -2; round < ROUNDS; round++) {
    const found = [await timed(ours, repeats), await timed(naive, repeats)];
    const answer = await rival?.ask(place, repeats);
    if (round >= 0) [...found, ...(answer?.ms ?? [])].forEach((ms, i) => times[i]!.push(ms));
  }
  const [own, plain, other] = times.map((all) => (all.length > 0 ? median(all) : Number.NaN));
  const ratio = (ms: number) => (Number.isNaN(ms) ? '-' : (ms / own!).toFixed(2));
  return `| ${nameOf(work)} | ${own!.toFixed(3)} | ${plain!.toFixed(3)} | ${ratio(plain!)} | ${other!.toFixed(3)} | ${ratio(other!)} | ${held} |`;
}

const rival = await startRival('losses.py', LOSS_WORKS);
const { backend, version } = await loadEngine({ backend: 'torch' });
console.log(`\n${backend} ${version}, value and gradient, medians of ${ROUNDS} in turn\n`);
console.log('| loss | ms | plain tfjs | speed against it | PyTorch | speed against it | MB |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const [place, work] of LOSS_WORKS.entries())
  if (nameOf(work).includes(process.argv[2] ?? '')) console.log(await measure(work, place));
rival?.end();
