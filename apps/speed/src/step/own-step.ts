/**
 * One ResNet-32 training step at batch 128, the twin of networks/networks.py: see turns/contestant.ts. At its end it says where
 * the time goes, too.
 * usage: own-step.ts parts|plain torch|tensorflow|wasm|cpu|stock   (parts: Longtail's; plain: tfjs's own operations and optimizer;
 *   stock: tfjs-node with its own addon, see stock-addon.ts)
 */
import type { BackendName } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import * as tf from '@tensorflow/tfjs-core';
import { answerTurns, peakOfProcess } from '../turns/answer.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { milliseconds } from '../turns/time.ts';

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
  const rows = [...best]
    .sort((x, y) => y[1].ms - x[1].ms)
    .slice(0, 12)
    .map(([name, { calls, ms }]) => tableRow([name, String(calls), ms.toFixed(1)]));
  return [tableHead(['kernel', 'calls', 'ms (under the profiler)']), ...rows];
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

async function makeStep(): Promise<() => tf.Scalar> {
  if (code === 'plain') return (await import('./plain-resnet32.ts')).plainResNet32(BATCH);
  return (await import('../networks/training-step.ts')).trainingStep('cifar-resnet-32', BATCH);
}

const greeting = await load();
const step = await makeStep();
await answerTurns({
  greeting,
  turn: () =>
    milliseconds(async () => {
      const loss = step();
      await loss.data();
      loss.dispose();
    }),
  end: async () => {
    const peak = peakOfProcess();
    return code === 'parts' && backend === 'torch' ? [peak, ...(await fastestProfile(step))] : [peak];
  },
});
