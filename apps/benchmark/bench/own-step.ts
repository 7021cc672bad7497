/**
 * One ResNet-32 training step at batch 128, the twin of resnet32-step.py: answers each line on stdin with the milliseconds of
 * one step; when stdin ends, with the peak memory in MB and where the time goes.
 * usage: own-step.ts parts|plain torch|tensorflow|wasm|cpu   (parts: Longtail's; plain: tfjs's own operations and optimizer)
 */
import { createInterface } from 'node:readline';
import { cifarResNet, trainable } from '@longtail/backbones';
import { type BackendName, loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { linearHead } from '@longtail/heads';
import { normal } from '@longtail/kernels';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { plainResNet32 } from './plain-resnet32.ts';

steadyMalloc();
const [, , code, backend] = process.argv;
const BATCH = 128;

function parts(images: tf.Tensor4D, labels: tf.Tensor1D): () => tf.Scalar {
  const backbone = cifarResNet({ depth: 32, seed: 0 });
  const head = linearHead({ featureDim: 64, numClasses: 10, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 2e-4 });
  const loss = crossEntropy();
  return () =>
    optimizer.minimize(
      () => loss(head.logits(backbone.features(images, { training: true })), labels, { epoch: 0 }),
      { learningRate: 0.1 },
    );
}

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

async function load(): Promise<string> {
  if (backend !== 'cpu') {
    const engine = await loadEngine({ backend: backend as BackendName });
    return `${engine.backend} ${engine.version}`;
  }
  await tf.setBackend('cpu'); // @longtail/engine has imported it with all of tfjs
  return `cpu ${tf.version_core}`;
}

const title = await load();
const images = normal([BATCH, 32, 32, 3], { seed: 1 }) as tf.Tensor4D;
const labels = tf.tensor1d(
  Int32Array.from({ length: BATCH }, (_, i) => i % 10),
  'int32',
);
const step = (code === 'plain' ? plainResNet32 : parts)(images, labels);
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
