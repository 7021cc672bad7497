/**
 * What the processes that start this program together share after stage 1: features of a set, with pictures that cannot be read, a pass
 * of live-frozen, and the answers of heads. The first writes all of it, and how many rows each has scored. Where it is told to, the
 * second is killed while it scores.
 *
 * usage: [mpirun -n R] node shares-program.ts FILE [killed]
 */
import { writeFileSync, writeSync } from 'node:fs';
import { cifarResNet } from '@longtail/backbones';
import { openCollective } from '@longtail/collective';
import { keepLauncher } from '@longtail/collective/keep-launcher';
import { DataError } from '@longtail/core';
import { type Dataset, inMemory, type Transform } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { encodeSafetensors, type NamedArray } from '@longtail/formats';
import { type Head, linearHead, lwsFrom, ncm } from '@longtail/heads';
import { drawn } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { extractFeatures } from '../src/extract-features.ts';
import { makeLivePass } from '../src/live-pass.ts';
import { alone, together } from '../src/ranks.ts';
import { BLOCK, sharedAnswers } from '../src/shared-answers.ts';
import { recipe, settingsOf } from './tiny-run.ts';

const [, , file, isKilled] = process.argv;
const ROWS = 3 * BLOCK + 100;
const CLASSES = 40;
const DIM = 64;

await keepLauncher();
steadyMalloc();
const collective = await openCollective();
await loadEngine({ backend: 'auto', device: 'cpu' });
const { signal } = new AbortController();
const ranks = collective.size > 1 ? together(collective, { signal }) : alone(signal);
const written = new Map<string, NamedArray>();
const before = tf.memory().numTensors;

const PICTURES = 450;
const whole = inMemory('drawn', {
  pixels: Uint8Array.from(drawn('pictures', PICTURES * 8 * 8 * 3, [0, 255])),
  labels: Int32Array.from({ length: PICTURES }, (_, i) => (i * i) % 4),
  classNames: ['a', 'b', 'c', 'd'],
  shape: [8, 8, 3],
});
/** Two of the second batch, and all of the fourth. */
const isBad = (i: number): boolean => i === 101 || i === 150 || (i >= 300 && i < 340);
const set: Dataset = {
  ...whole,
  read: async (i) => {
    if (isBad(i)) throw new DataError(`expected a picture in ${i}.jpg.`);
    return whole.read(i);
  },
};
const brighter: Transform = (picture, { uniform }) => ({
  ...picture,
  data: Uint8Array.from(picture.data, (value) => value * uniform()),
});

async function keepFeatures(): Promise<void> {
  const backbone = cifarResNet({ depth: 8, seed: 0 });
  const { statistics } = recipe;
  const seen: number[] = [];
  const onBatch = (pictures: number): void => void seen.push(pictures);
  const found = await extractFeatures(backbone, set, { statistics, onBadImage: 'skip', ranks, onBatch });
  written.set('features', { shape: [found.values.length], data: found.values });
  written.set('labels', { shape: [found.labels.length], data: found.labels });
  written.set('counts', {
    shape: [2],
    data: Int32Array.of(
      found.skipped,
      seen.reduce((a, b) => a + b, 0),
    ),
  });
  const pass = await makeLivePass(
    backbone,
    set,
    whole.labels.map((_, i) => (i * 7) % PICTURES),
    {
      recipe: { ...recipe, augment: brighter },
      settings: settingsOf({ options: { headBatchSize: 40, microBatch: 16, onBadImage: 'skip' } }),
      ...{ signal, ranks, training: false, epoch: 3, onBatch: () => {} },
    },
  );
  for (const [name, array] of pass) written.set(`pass.${name}`, array);
  backbone.dispose();
}

function drawnHeads(): Head[] {
  const tensor = (name: string, shape: [number, number]): tf.Tensor2D =>
    tf.tensor2d(drawn(name, shape[0] * shape[1], [-1, 1]), shape);
  const scale = tf.tensor1d(drawn('scale', CLASSES, [0, 1]));
  const rows = tensor('training', [200, DIM]);
  const labels = Int32Array.from({ length: 200 }, (_, i) => i % (CLASSES - 1)); // none of the last class
  const made = ncm(rows, labels, { numClasses: CLASSES });
  rows.dispose();
  return [
    linearHead({ featureDim: DIM, numClasses: CLASSES, seed: 0, name: 'joint' }),
    lwsFrom('mislas', { weight: tensor('weight', [CLASSES, DIM]), scale }),
    made,
  ];
}

async function keepAnswers(): Promise<void> {
  const values = Float32Array.from(drawn('rows', ROWS * DIM, [-1, 1]));
  const question =
    ranks.rank === 0
      ? { heads: drawnHeads(), features: { values, featureDim: DIM }, sweeps: true }
      : undefined;
  const onRows = (): void => {
    if (!isKilled || ranks.rank !== 1) return;
    writeSync(2, `ended at ${Date.now()}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
  const { answers, scored } = await sharedAnswers(question, ranks, { onRows });
  for (const [name, array] of answers) written.set(name, array);
  for (const head of question?.heads ?? []) head.dispose();
  if (ranks.rank === 0) console.info(JSON.stringify({ scored: [...scored] }));
}

await keepFeatures();
await keepAnswers();
const left = tf.memory().numTensors - before;
if (left !== 0) throw new Error(`${left} tensors are left.`);
if (ranks.rank === 0) writeFileSync(file!, encodeSafetensors(written, {}));
collective.close();
