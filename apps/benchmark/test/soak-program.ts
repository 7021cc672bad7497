/**
 * Steps of ResNet-10 as `longtail train` takes them, and what is held as they go: tensors, libtorch's handles, and the process'
 * memory outside of V8's heap. Ends with code 1 where they grow.
 *
 * usage: node --expose-gc soak-program.ts [STEPS] [SIZE]   (default: 1000 steps on pictures of 224 x 224, four a batch)
 */
import { resNet, trainable } from '@longtail/backbones';
import { liveHandles } from '@longtail/backend-torch';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { linearHead } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import { drawn } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { trainStep } from '../src/train-step.ts';

interface Held {
  readonly step: number;
  readonly tensors: number;
  readonly handles: number;
  /** In MB: all of the process, and of it what is not V8's heap. */
  readonly rss: number;
  readonly native: number;
}
const [BATCH, CLASSES, MARKS] = [4, 10, 10];
/** MB between the third to fifth marks and the last three: half of the steps. */
const ROOM = 12;

function held(step: number): Held {
  globalThis.gc!();
  const { rss, heapTotal } = process.memoryUsage();
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 17) / 8;
  const { numTensors: tensors } = tf.memory();
  return { step, tensors, handles: liveHandles(), rss: megabytes(rss), native: megabytes(rss - heapTotal) };
}

/** A batch of its own at each step, one in two in halves. */
function train({ steps, size }: { steps: number; size: number }): Held[] {
  const backbone = resNet('resnet-10', { seed: 0 });
  const joint = linearHead({ featureDim: backbone.featureDim, numClasses: CLASSES, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...joint.trainable], { weightDecay: 5e-4 });
  const how = { backbone, joint, optimizer, loss: crossEntropy(), learningRate: 0.01, epoch: 0 };
  const statistics = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  const shape = [BATCH, size, size, 3] as const;
  const length = tf.util.sizeFromShape([...shape]);
  const source = Uint8Array.from(drawn('pictures', length + steps, [0, 255]));
  const marks: Held[] = [];
  for (let step = 1; step <= steps; step++) {
    const labels = Int32Array.from({ length: BATCH }, (_, i) => (i + step) % CLASSES);
    const pixels = source.slice(step, step + length);
    const batch = { pixels, shape, labels, indices: labels, skipped: [], end: BATCH };
    const { loss } = trainStep(batch, { ...how, statistics, step, microBatch: step % 2 === 0 ? 2 : 0 });
    if (!Number.isFinite(loss)) throw new Error(`the loss of step ${step} is ${loss}`);
    if (step % Math.ceil(steps / MARKS) === 0 || step === steps) {
      marks.push(held(step));
      console.info(JSON.stringify(marks.at(-1)));
    }
  }
  for (const part of [optimizer, joint, backbone]) part.dispose();
  return marks;
}

const native = (some: readonly Held[]): number =>
  some.reduce((sum, mark) => sum + mark.native, 0) / some.length;

steadyMalloc();
await loadEngine({ backend: 'torch', device: 'cpu' });
const [steps = 1000, size = 224] = process.argv.slice(2).map(Number);
const before = tf.memory().numTensors;
const marks = train({ steps, size });
const early = marks[2]!;
// Means of three: glibc gives back and takes again some 15 MB from mark to mark.
const growth = native(marks.slice(-3)) - native(marks.slice(2, 5));
const isConstant = marks.every((mark) => mark.tensors === early.tensors && mark.handles === early.handles);
const isFreed = tf.memory().numTensors === before;
if (!isConstant || !isFreed || growth > ROOM) {
  console.error(`${steps} steps of ResNet-10 hold more and more, or leave tensors behind.`);
  process.exitCode = 1;
}
