/**
 * Single operations of ResNet-50's size in turn with PyTorch's on the same machine, its better layout.
 * usage: pnpm bench:operations [PART OF A NAME]   (LONGTAIL_BENCH_PYTHON: a Python that has torch)
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { type Engine, loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import * as tf from '@tensorflow/tfjs-core';
import { makeWork } from './make-work.ts';
import { peakOf } from './peak-memory.ts';
import { WORKS, type Work } from './works.ts';

steadyMalloc();
const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 9);
const python = process.env.LONGTAIL_BENCH_PYTHON;

/** PyTorch's answer to a place in the list of works: milliseconds of a run and peak MB, a layout each. */
interface Rival {
  readonly ask: (place: number, repeats: number) => Promise<{ ms: number[]; peak: number[] }>;
  readonly end: () => void;
}

async function pytorch(python: string): Promise<Rival> {
  const child: ChildProcess = spawn(
    python,
    [join(import.meta.dirname, 'operations.py'), JSON.stringify(WORKS)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, GLIBC_TUNABLES: undefined }, // PyTorch as its users start it
    },
  );
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  console.error((await lines.next()).value);
  return {
    async ask(place, repeats) {
      child.stdin!.write(`${place} ${repeats}\n`);
      return JSON.parse((await lines.next()).value!);
    },
    end: () => child.stdin!.end(),
  };
}

const median = (times: number[]): number => times.toSorted((x, y) => x - y)[times.length >> 1]!;

async function measure(work: Work, place: number, rival: Rival | undefined): Promise<string> {
  const { name, least = 50 } = work;
  const run = makeWork(work);
  const held = peakOf(run);
  const first = performance.now();
  run();
  const repeats = Math.ceil(least / (performance.now() - first));
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
  const best = Math.min(...medians);
  const other = memory[medians.indexOf(best)]!.toFixed(0);
  const against = (ms: number) => (ms / median(own)).toFixed(2);
  const speeds = `${against(best)} | ${against(medians[0]!)}`;
  return `| ${name} | ${median(own).toFixed(2)} | ${best.toFixed(2)} | ${speeds} | ${held} | ${other} |`;
}

const title = ({ backend, version, autocast }: Engine): string =>
  `${backend} ${version}${autocast ? ` in ${autocast}` : ''}, medians of ${ROUNDS} in turn`;

const rival = python ? await pytorch(python) : undefined;
if (!rival) console.error('no PyTorch to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torch');
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
