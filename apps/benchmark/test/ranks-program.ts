/**
 * Steps of stage 1 by the processes that start this program together, on the same global batches however many they are. The first
 * writes weights and gradients, and whether all processes have the same weights; alone, also what several should come to: batch
 * norms that see parts of a batch (`norms of 2`), and the statistics of the first part (`first of 2`). Then a training that is gone
 * on with, for which each process sees a folder of its own.
 *
 * usage: [mpirun -n R] node ranks-program.ts FILE
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backbone, cifarResNet, trainable } from '@longtail/backbones';
import { openCollective } from '@longtail/collective';
import { keepLauncher } from '@longtail/collective/keep-launcher';
import { batches, compose, horizontalFlip, inMemory, padAndCrop } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { encodeSafetensors, type NamedArray } from '@longtail/formats';
import { cosineHead, type Head, linearHead } from '@longtail/heads';
import { constant, sgd } from '@longtail/optim';
import { instanceBalanced } from '@longtail/samplers';
import { drawn } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { findLoss } from '../src/losses.ts';
import { alone, partOf, together } from '../src/ranks.ts';
import { checkRecipeOptions } from '../src/recipe-options.ts';
import { sharingOf } from '../src/sharing.ts';
import { trainNetwork } from '../src/train-network.ts';
import { trainStep } from '../src/train-step.ts';
import { wholeBatch } from '../src/whole-batch.ts';

const BATCH = 11; // no multiple of 2 or 4
const COUNTS = Int32Array.of(500, 40, 9, 3);
const statistics = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
const set = inMemory('drawn', {
  pixels: Uint8Array.from(drawn('pictures', 3 * BATCH * 12 * 12 * 3, [0, 255])),
  labels: Int32Array.from({ length: 3 * BATCH }, (_, i) => (i * i) % 4),
  classNames: ['a', 'b', 'c', 'd'],
  shape: [12, 12, 3],
});

await keepLauncher();
steadyMalloc();
const collective = await openCollective();
const { backend, device, version } = await loadEngine({ backend: 'auto', device: 'cpu' });
const engine = { backend, device, version };
const { signal } = new AbortController();
const ranks = collective.size > 1 ? together(collective, { signal }) : alone(signal);
const written = new Map<string, NamedArray>();

/** Normalises by the running statistics, so that a picture's features do not depend on the others. */
const frozen = (backbone: Backbone): Backbone => ({
  ...backbone,
  features: (images) => backbone.features(images, { training: false }),
});

const variablesOf = ({ weights }: Backbone, head: Head): [string, tf.Variable][] => [
  ...weights,
  ...[...head.weights].map(([name, variable]): [string, tf.Variable] => [`head.${name}`, variable]),
];

interface Case {
  readonly loss: string;
  readonly isFrozen?: boolean;
  readonly steps: number;
  readonly microBatch?: number;
  readonly syncBn?: boolean;
  /** Of a process that is on its own: it sees this part of each batch alone. */
  readonly part?: { rank: number; ranks: number };
}

/** Leaves weights, running statistics and `velocity.N`, which after one step is the gradient. */
async function train(
  name: string,
  { loss: lossName, isFrozen = false, steps, microBatch = 0, syncBn = false, part }: Case,
): Promise<void> {
  const { default: make, logits } = await findLoss(lossName);
  const loss = make(COUNTS, { epochs: 1, seed: 0 });
  const own = cifarResNet({ depth: 8, width: 4, seed: 0 });
  const backbone = isFrozen ? frozen(own) : own;
  const head = logits === 'cosine' ? cosineHead : linearHead;
  const joint = head({ featureDim: own.featureDim, numClasses: 4, seed: 0 });
  const optimizer = sgd([...trainable(own), ...joint.trainable], { momentum: 0.9 });
  const transform = compose(padAndCrop(2), horizontalFlip());
  const shared = sharingOf(
    { backbone, joint },
    { recipe: {}, ranks: { ...ranks, syncBn }, microBatch, mixing: 0 },
  );
  for (let step = 0; step < steps; ) {
    const epoch = Math.floor(step / 3);
    const order = Int32Array.from({ length: set.length }, (_, i) => (i * 7 + epoch) % set.length);
    const reading = { batchSize: BATCH, transform, seed: 1, epoch, ...partOf(ranks), ...(part && { part }) };
    let end = 0;
    for await (const batch of batches(set, order, reading)) {
      if (step === steps) break;
      const whole = wholeBatch(batch, { ranks, places: batch.end - end });
      end = batch.end;
      const how = { statistics, backbone, joint, loss, optimizer, learningRate: 0.1, microBatch, epoch };
      trainStep(batch, { ...how, step: step++, ...(ranks.collective && { whole, ...shared }) });
    }
  }
  keep(name, [...variablesOf(own, joint), ...optimizer.state]);
  for (const part of [optimizer, joint, own]) part.dispose();
}

function keep(name: string, variables: readonly (readonly [string, tf.Variable])[]): void {
  for (const [key, variable] of variables)
    written.set(`${name}/${key}`, {
      shape: variable.shape,
      data: variable.dataSync<'float32'>().slice() as Float32Array,
    });
}

/** An epoch, and one more: of the first one the file lies in the folder of the first process alone. */
async function goOn(name: string): Promise<void> {
  const backbone = cifarResNet({ depth: 8, width: 4, seed: 0 });
  const joint = linearHead({ featureDim: backbone.featureDim, numClasses: 4, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...joint.trainable], { momentum: 0.9 });
  const folder = mkdtempSync(join(tmpdir(), 'longtail-rank-'));
  const required = { epochs: 2, batchSize: BATCH, headEpochs: 1, headBatchSize: BATCH };
  for (const epochs of [1, 2])
    await trainNetwork({ backbone, joint, optimizer }, set, {
      recipe: { statistics, augment: compose(horizontalFlip()) },
      sampler: instanceBalanced(set.labels, { seed: 0 }),
      label: name,
      loss: (await findLoss('cross-entropy')).default(COUNTS, { epochs, seed: 0 }),
      schedule: constant(0.1),
      ...{ epochs, batchSize: BATCH, seed: 0, engine, stamp: { train: {} }, ranks },
      options: checkRecipeOptions({ ...required, samplers: 'instance-balanced' }, { of: name }),
      path: join(folder, 'representation.safetensors'),
      onStep: () => {},
    });
  keep(name, variablesOf(backbone, joint));
  rmSync(folder, { recursive: true });
  for (const part of [optimizer, joint, backbone]) part.dispose();
}

/** Whether every process has these weights, of those that are trained, to the bit. */
function areSame(name: string): boolean {
  const values = [...written].filter(([key]) => key.startsWith(`${name}/`) && !key.includes('running_'));
  const all = values.map(([, { data }]) => Buffer.from((data as Float32Array).buffer));
  const [first, ...others] = collective.gather(Buffer.concat(all)).map((bytes) => Buffer.from(bytes));
  return others.every((one) => first!.equals(one));
}

const before = tf.memory().numTensors;
for (const loss of ['cross-entropy', 'class-balanced', 'ldam-drw', 'influence-balanced', 'gcl'])
  await train(`frozen/${loss}`, { loss, isFrozen: true, steps: 1 });
await train('norms', { loss: 'cross-entropy', steps: 1 });
await train('synced', { loss: 'cross-entropy', steps: 1, syncBn: true });
await train('long', { loss: 'cross-entropy', steps: 50 });
if (ranks.size === 1)
  for (const parts of [2, 4]) {
    await train(`norms of ${parts}`, {
      loss: 'cross-entropy',
      steps: 1,
      microBatch: Math.ceil(BATCH / parts),
    });
    await train(`first of ${parts}`, { loss: 'cross-entropy', steps: 1, part: { rank: 0, ranks: parts } });
  }
await goOn('gone on');
const same = areSame('long') && areSame('gone on');
if (ranks.rank === 0) {
  writeFileSync(process.argv[2]!, encodeSafetensors(written, {}));
  console.info(JSON.stringify({ ranks: ranks.size, same, left: tf.memory().numTensors - before }));
}
collective.close();
