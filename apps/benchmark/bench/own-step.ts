/**
 * One ResNet-32 training step at batch 128, the twin of resnet32-step.py: answers each line on stdin with the milliseconds of
 * one step; when stdin ends, with the peak memory in MB and where the time goes.
 * usage: own-step.ts parts|plain torch|tensorflow|wasm|cpu|stock   (parts: Longtail's; plain: tfjs's own operations and optimizer;
 *   stock: tfjs-node with its own addon, see stock-addon.ts)
 */
import { createInterface } from 'node:readline';
import type { BackendName } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import * as tf from '@tensorflow/tfjs-core';

const [, , code, backend] = process.argv;
if (backend !== 'stock') steadyMalloc();
const BATCH = 128;

type Times = Map<string, { calls: number; ms: number }>;

async function profile(step: () => tf.Scalar): Promise<Times> {
  const { kernels } = await tf.profile(() => {
    step().dispose();
    return tf.scalar(0);
  });
  const times: Times = new Map();
  for (const { name, kernelTimeMs } of kernels) {
    const { calls, ms } = times.get(name) ?? { calls: 0, ms: 0 };
    times.set(name, { calls: calls + 1, ms: ms + Number(await kernelTimeMs) });
  }
  return times;
}

/** The twelve kernels that take longest, in the fastest of five steps. */
async function fastestProfile(step: () => tf.Scalar): Promise<string[]> {
  const total = (times: Times) => [...times.values()].reduce((sum, { ms }) => sum + ms, 0);
  let best = await profile(step);
  for (let i = 1; i < 5; i++) {
    const next = await profile(step);
    if (total(next) < total(best)) best = next;
  }
  return [...best]
    .sort((x, y) => y[1].ms - x[1].ms)
    .slice(0, 12)
    .map(([name, { calls, ms }]) => `| ${name} | ${calls} | ${ms.toFixed(1)} |`);
}

/** Imports here, not above: Longtail's parts give tfjs better gradients, which stock must not have. */
async function load(): Promise<string> {
  if (backend === 'stock') return (await import('./stock-backend.ts')).loadStock();
  const { loadEngine } = await import('@longtail/engine');
  if (backend !== 'cpu') {
    const engine = await loadEngine({ backend: backend as BackendName });
    return `${engine.backend} ${engine.version}`;
  }
  await tf.setBackend('cpu'); // @longtail/engine has imported it with all of tfjs
  return `cpu ${tf.version_core}`;
}

async function makeStep(images: tf.Tensor4D, labels: tf.Tensor1D): Promise<() => tf.Scalar> {
  if (code === 'plain') return (await import('./plain-resnet32.ts')).plainResNet32(images, labels);
  return (await import('./parts-resnet32.ts')).partsResNet32(images, labels);
}

const title = await load();
const images: tf.Tensor4D = tf.randomNormal([BATCH, 32, 32, 3], 0, 1, 'float32', 1);
const labels = tf.tensor1d(
  Int32Array.from({ length: BATCH }, (_, i) => i % 10),
  'int32',
);
const step = await makeStep(images, labels);
process.stdout.write(`${title}\n`);
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const loss = step();
  await loss.data();
  loss.dispose();
  process.stdout.write(`${performance.now() - start}\n`);
}
process.stdout.write(`${process.resourceUsage().maxRSS / 1000}\n`);
if (code === 'parts' && backend === 'torch')
  process.stdout.write(
    `| kernel | calls | ms (under the profiler) |\n| --- | ---: | ---: |\n${(await fastestProfile(step)).join('\n')}\n`,
  );
