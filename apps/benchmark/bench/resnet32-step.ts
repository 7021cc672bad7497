/**
 * One ResNet-32 training step at batch 128 through the public parts, in turn with PyTorch's on the same machine.
 * usage: pnpm bench   (LONGTAIL_BENCH_PYTHON: a Python that has torch; without one only our own times are shown.
 *   LONGTAIL_BENCH_BACKEND: torch, tensorflow or wasm)
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cifarResNet, trainable } from '@longtail/backbones';
import { type BackendName, loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { linearHead } from '@longtail/heads';
import { normal } from '@longtail/kernels';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';

steadyMalloc();
const ROUNDS = Number(process.env.LONGTAIL_BENCH_ROUNDS ?? 15);
const python = process.env.LONGTAIL_BENCH_PYTHON;

interface Rival {
  /** Milliseconds. */
  readonly step: () => Promise<number>;
  /** Peak memory of the process, MB. */
  readonly end: () => Promise<number>;
}

/** undefined, with a note, where that Python has no torch that works. */
async function pytorch(layout: string): Promise<Rival | undefined> {
  const child = spawn(python!, [join(import.meta.dirname, 'resnet32-step.py'), layout], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GLIBC_TUNABLES: undefined }, // PyTorch as its users start it
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const { value: greeting, done } = await lines.next();
  console.error(`${layout}: ${done ? `left out, ${python} cannot import torch` : greeting}`);
  if (done) return undefined;
  return {
    async step() {
      child.stdin!.write('\n');
      return Number((await lines.next()).value);
    },
    async end() {
      child.stdin!.end();
      return Number((await lines.next()).value);
    },
  };
}

function ours(): () => number {
  const backbone = cifarResNet({ depth: 32, seed: 0 });
  const head = linearHead({ featureDim: 64, numClasses: 10, seed: 0 });
  const images = normal([128, 32, 32, 3], { seed: 1 }) as tf.Tensor4D;
  const labels = tf.tensor1d(
    Int32Array.from({ length: 128 }, (_, i) => i % 10),
    'int32',
  );
  const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 2e-4 });
  const loss = crossEntropy();
  return () => {
    const start = performance.now();
    const value = optimizer.minimize(
      () => loss(head.logits(backbone.features(images, { training: true })), labels, { epoch: 0 }),
      { learningRate: 0.1 },
    );
    value.dataSync();
    value.dispose();
    return performance.now() - start;
  };
}

type Times = Map<string, { calls: number; ms: number }>;

async function profile(step: () => number): Promise<Times> {
  const { kernels } = await tf.profile(() => {
    step();
    return tf.scalar(0);
  });
  const times: Times = new Map();
  for (const { name, kernelTimeMs } of kernels) {
    const { calls, ms } = times.get(name) ?? { calls: 0, ms: 0 };
    times.set(name, { calls: calls + 1, ms: ms + Number(await kernelTimeMs) });
  }
  return times;
}

/** Where the time goes, in the fastest of five steps. */
async function printProfile(step: () => number): Promise<void> {
  const total = (times: Times) => [...times.values()].reduce((sum, { ms }) => sum + ms, 0);
  let best = await profile(step);
  for (let i = 1; i < 5; i++) {
    const next = await profile(step);
    if (total(next) < total(best)) best = next;
  }
  console.log('| kernel | calls | ms (under the profiler) |\n| --- | ---: | ---: |');
  for (const [name, { calls, ms }] of [...best].sort((x, y) => y[1].ms - x[1].ms).slice(0, 12))
    console.log(`| ${name} | ${calls} | ${ms.toFixed(1)} |`);
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

const engine = await loadEngine({ backend: (process.env.LONGTAIL_BENCH_BACKEND ?? 'auto') as BackendName });
const step = ours();
const rivals: [string, Rival][] = [];
if (python)
  for (const layout of ['channels_last', 'contiguous']) {
    const rival = await pytorch(layout);
    if (rival) rivals.push([`PyTorch ${layout}`, rival]);
  }
else console.error('no PyTorch to compare with: set LONGTAIL_BENCH_PYTHON to a Python that has torch');
const times = new Map<string, number[]>([
  ['longtail', []],
  ...rivals.map(([name]): [string, number[]] => [name, []]),
]);
for (let round = -3; round < ROUNDS; round++) {
  const measured: [string, number][] = [['longtail', step()]];
  for (const [name, rival] of rivals) measured.push([name, await rival.step()]);
  if (round >= 0) for (const [name, ms] of measured) times.get(name)!.push(ms);
}
const peak = new Map([['longtail', process.resourceUsage().maxRSS / 1000]]);
for (const [name, rival] of rivals) peak.set(name, await rival.end());
const best = Math.min(...rivals.map(([name]) => median(times.get(name)!)));
console.log(`ResNet-32, batch 128, ${engine.backend} ${engine.version}, ${ROUNDS} rounds in turn\n`);
console.log('| | median ms | min ms | speed against the better PyTorch | peak MB |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const [name, own] of times) {
  const speed = Number.isFinite(best) ? (best / median(own)).toFixed(2) : '-';
  const [middle, least] = [median(own), Math.min(...own)].map((ms) => ms.toFixed(0));
  console.log(`| ${name} | ${middle} | ${least} | ${speed} | ${peak.get(name)!.toFixed(0)} |`);
}
console.log('');
await printProfile(step);
