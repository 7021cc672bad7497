/**
 * One ResNet-32 training step at batch 128 in turn with PyTorch's on the same machine, each in a process of its own.
 * usage: pnpm bench [BACKEND...]   (beside torch: tensorflow, wasm, cpu, stock. LONGTAIL_BENCH_PYTHON: a Python that has torch;
 *   LONGTAIL_BENCH_ROUNDS: how many turns; LONGTAIL_BENCH_STOCK_ADDON: what stock-addon.ts prints, for stock)
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 15);
/** Turns before that: V8 has compiled what a step runs through, and the allocators have found their sizes. */
const WARM = 20;
const python = process.env.LONGTAIL_BENCH_PYTHON;
const beside = process.argv.slice(2);

interface Contestant {
  readonly name: string;
  readonly times: number[];
  /** Milliseconds. */
  readonly step: () => Promise<number>;
  /** Peak memory of the process in MB, and whatever else it has to say. */
  readonly end: () => Promise<{ peak: number; more: string[] }>;
}

/** undefined, with a note, where the program does not start. */
async function enter(name: string, program: string, args: string[]): Promise<Contestant | undefined> {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GLIBC_TUNABLES: undefined }, // each as its users start it
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: greeting, done } = await lines.next();
  console.error(`${name}: ${done ? 'left out, it does not start' : greeting}`);
  if (done) return undefined;
  return {
    name,
    times: [],
    async step() {
      await setTimeout(10); // the others' idle threads spin for a while
      child.stdin.write('\n');
      return Number((await lines.next()).value);
    },
    async end() {
      child.stdin.end();
      const peak = Number((await lines.next()).value);
      const more: string[] = [];
      for await (const line of lines) more.push(line);
      return { peak, more };
    },
  };
}

const here = (file: string): string => join(import.meta.dirname, file);
const own = (name: string, code: string, backend: string) =>
  enter(name, process.execPath, [here('own-step.ts'), code, backend]);
const besideTorch = (backend: string) =>
  backend === 'stock'
    ? own('stock tfjs-node (its own addon)', 'plain', backend)
    : own(`longtail on ${backend}`, 'parts', backend);
const pytorch = async (layout: string) =>
  python ? enter(`PyTorch ${layout}`, python, [here('resnet32-step.py'), layout]) : undefined;

if (!python)
  console.error('no PyTorch to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torch');
const entered = [
  await own('longtail', 'parts', 'torch'),
  await own('plain tfjs on torch', 'plain', 'torch'),
  ...(await Promise.all(beside.map(besideTorch))),
  await pytorch('channels_last'),
  await pytorch('contiguous'),
];
const contestants = entered.filter((contestant) => contestant !== undefined);
for (let round = -WARM; round < ROUNDS; round++)
  for (const contestant of contestants) {
    const ms = await contestant.step();
    if (round >= 0) contestant.times.push(ms);
  }
const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;
const rivals = contestants.filter(({ name }) => name.startsWith('PyTorch'));
const fastest = (times: readonly number[]): number =>
  times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const best = fastest(rivals.map(({ times }) => median(times)));
console.log(`ResNet-32, batch 128, ${ROUNDS} rounds in turn\n`);
console.log('| | median ms | min ms | speed against the better PyTorch | peak MB |');
console.log('| --- | ---: | ---: | ---: | ---: |');
const notes: string[] = [];
for (const { name, times, end } of contestants) {
  const { peak, more } = await end();
  for (const note of more) notes.push(note);
  const speed = Number.isFinite(best) ? (best / median(times)).toFixed(2) : '-';
  const [middle, least] = [median(times), fastest(times)].map((ms) => ms.toFixed(0));
  console.log(`| ${name} | ${middle} | ${least} | ${speed} | ${peak.toFixed(0)} |`);
}
console.log(['', ...notes].join('\n'));
