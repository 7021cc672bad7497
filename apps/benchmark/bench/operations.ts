/**
 * Single operations of ResNet-50's size in turn with PyTorch's on the same machine, its better layout.
 * usage: pnpm bench:operations [PART OF A NAME]   (LONGTAIL_BENCH_PYTHON: a Python that has torch)
 */
import { setTimeout } from 'node:timers/promises';
import { type Engine, loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import * as tf from '@tensorflow/tfjs-core';
import { makeWork } from './make-work.ts';
import { peakOf } from './peak-memory.ts';
import { median, type Rival, startRival } from './rival.ts';
import { WORKS, type Work } from './works.ts';

steadyMalloc();
const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 9);

/** Of the least time of a measurement: by then V8 has compiled what a step of many small operations runs through. */
const WARM = 10;

/** Runs for so many milliseconds. @returns milliseconds a run, in the last half of them */
function warm(run: () => void, ms: number): number {
  const half = (): number => {
    const start = performance.now();
    let runs = 0;
    for (; runs === 0 || performance.now() - start < ms / 2; runs++) run();
    return (performance.now() - start) / runs;
  };
  half();
  return half();
}

async function measure(work: Work, place: number, rival: Rival | undefined): Promise<string> {
  const { name, least = 50 } = work;
  const run = makeWork(work);
  const held = peakOf(run);
  const repeats = Math.ceil(least / warm(run, WARM * least));
  const [own, theirs] = [[] as number[], [[], []] as number[][]];
  let memory: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    await setTimeout(10); // the other process's idle threads spin for a while
    const start = performance.now();
    for (let i = 0; i < repeats; i++) run();
    const ms = (performance.now() - start) / repeats;
    const answer = await rival?.ask(place, repeats);
    if (round < 0) continue;
    own.push(ms);
    answer?.ms.forEach((time, layout) => theirs[layout]!.push(time));
    memory = answer?.peak ?? [];
  }
  tf.disposeVariables();
  if (!rival) return `| ${name} | ${median(own).toFixed(2)} | - | - | - | ${held} | - |`;
  const medians = theirs.map(median);
  const best = medians.reduce((a, b) => Math.min(a, b));
  const other = memory[medians.indexOf(best)]!.toFixed(0);
  const against = (ms: number) => (ms / median(own)).toFixed(2);
  const speeds = `${against(best)} | ${against(medians[0]!)}`;
  return `| ${name} | ${median(own).toFixed(2)} | ${best.toFixed(2)} | ${speeds} | ${held} | ${other} |`;
}

const title = ({ backend, version, autocast }: Engine): string =>
  `${backend} ${version}${autocast ? ` in ${autocast}` : ''}, medians of ${ROUNDS} in turn`;

const rival = await startRival('operations.py', WORKS);
for (const autocast of [undefined, 'bfloat16'] as const) {
  const wanted = [...WORKS.entries()].filter(
    ([, work]) => Boolean(work.autocast) === Boolean(autocast) && work.name.includes(process.argv[2] ?? ''),
  );
  if (wanted.length === 0) continue;
  if (tf.findBackendFactory('torch')) tf.removeBackend('torch');
  const engine = await loadEngine({ backend: 'torch', autocast }).catch((error: Error) => error.message);
  if (typeof engine === 'string') {
    console.error(`left out: ${engine}`);
    continue;
  }
  console.log(`\n${title(engine)}\n`);
  console.log(
    '| work | ms | PyTorch, better layout | speed against it | against channels_last | MB | PyTorch MB |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const [place, work] of wanted) console.log(await measure(work, place, rival));
}
rival?.end();
