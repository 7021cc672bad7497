/**
 * One ResNet-32 training step at a global batch of 128, of the processes that are started together; the twin of ranks.py. The first
 * answers: see turns/contestant.ts.
 * usage: [mpirun -n R] node own-ranks.ts
 */
import { on } from 'node:events';
import { cifarResNet, trainable } from '@longtail/backbones';
import { alone, gradientExchange, type Ranks, together, wholeBatch } from '@longtail/benchmark';
import { openCollective } from '@longtail/collective';
import { keepLauncher } from '@longtail/collective/keep-launcher';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { linearHead } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { answerTurns, peakOfProcess } from '../turns/answer.ts';
import { milliseconds } from '../turns/time.ts';

const BATCH = 128;
const CLASSES = 10;

await keepLauncher();
steadyMalloc();
const collective = await openCollective();
const { rank, size } = collective;
const { version } = await loadEngine({ backend: 'torch', device: 'cpu' });

function makeStep(ranks: Ranks): () => void {
  const backbone = cifarResNet({ depth: 32, seed: 0 });
  const { featureDim: dim } = backbone;
  const head = linearHead({ featureDim: dim, numClasses: CLASSES, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 2e-4 });
  const exchange = size > 1 && gradientExchange(collective, trainable(backbone), { same: head.trainable });
  const own = BATCH / size;
  const images: tf.Tensor4D = tf.randomNormal([own, 32, 32, 3], 0, 1, 'float32', rank + 1);
  const indices = Int32Array.from({ length: own }, (_, i) => i);
  const labels = indices.map((i) => i % CLASSES);
  const part = {
    pixels: new Uint8Array(),
    shape: [own, 32, 32, 3],
    labels,
    indices,
    skipped: [],
    end: BATCH,
  } as const;
  const loss = crossEntropy();
  return () =>
    tf.tidy(() => {
      const whole = wholeBatch(part, { ranks, places: BATCH });
      const classes = tf.tensor1d(whole.labels, 'int32');
      const value = optimizer.minimize(
        () => {
          const features = whole.features(backbone.features(images, { training: true }), dim);
          return loss(head.logits(features), classes, { epoch: 0 });
        },
        { learningRate: 1e-3, ...(exchange && { exchange }) },
      );
      value.dataSync();
    });
}

const { signal } = new AbortController();
const step = makeStep(size > 1 ? together(collective, { signal }) : alone(signal));
const pids = new Int32Array(size);
pids[rank] = process.pid;
collective.reduceArrays([pids]);

/** The others sleep until they are woken: who waits in MPI keeps a core busy while somebody else has the turn. */
function wake(): void {
  for (const pid of pids.subarray(1)) process.kill(pid, 'SIGUSR2');
}
/** Whether there is one more step, as the first says. */
const isOn = (says: boolean): boolean => collective.broadcastBytes(Uint8Array.of(Number(says)))[0] === 1;

function tellAll(says: boolean): void {
  wake();
  isOn(says);
}

async function follow(): Promise<void> {
  const alive = setInterval(() => {}, 1000); // to wait for a signal is no reason for Node to stay
  for await (const _ of on(process, 'SIGUSR2')) {
    if (!isOn(true)) break;
    step();
  }
  clearInterval(alive);
}

if (rank > 0) await follow();
else
  await answerTurns({
    greeting: `torch ${version}, ${size} x ${process.env.OMP_NUM_THREADS} threads`,
    turn: () =>
      milliseconds(() => {
        tellAll(true);
        step();
      }),
    end() {
      tellAll(false);
      return [peakOfProcess()];
    },
  });
collective.close();
