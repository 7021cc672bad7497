/**
 * One training step of a large network, by itself in a process, and the most memory that it has taken: whether it fits. Ends with code
 * 1 where it is more than BOUND.
 *
 * usage: node step-memory-program.ts [ARCHITECTURE] [BATCH] [SIZE] [plain|checkpointed] [BOUND in GB]
 *        (default: resnet-152 64 224 checkpointed 16; a checkpointed step took 6.4 GB, a plain one 15.2)
 */
import { ARCHITECTURES, type ArchitectureName, resNet, trainable } from '@longtail/backbones';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { linearHead } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import { drawn } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';

const CLASSES = 1000;
const [name = 'resnet-152', batch = '64', size = '224', how = 'checkpointed', bound = '16'] =
  process.argv.slice(2);
if (!Object.hasOwn(ARCHITECTURES, name) || !['plain', 'checkpointed'].includes(how))
  throw new Error(`expected a name of ARCHITECTURES and plain or checkpointed, but got ${name} ${how}`);

function images(): tf.Tensor4D {
  const [count, side] = [Number(batch), Number(size)];
  return tf.tensor4d(drawn('pictures', count * side * side * 3, [-2, 2]), [count, side, side, 3]);
}

steadyMalloc();
await loadEngine({ backend: 'torch', device: 'cpu' });
const before = tf.memory().numTensors;
const backbone = resNet(name as ArchitectureName, { seed: 0 });
const head = linearHead({ featureDim: backbone.featureDim, numClasses: CLASSES, seed: 0 });
const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 5e-4 });
const pictures = images();
const labels = tf.tensor1d(
  Int32Array.from({ length: Number(batch) }, (_, i) => i % CLASSES),
  'int32',
);
const checkpointed = how === 'plain' ? [] : backbone.stages.map((stage) => stage.name);
const [cost, start] = [crossEntropy(), performance.now()];
const loss = optimizer.minimize(
  () =>
    cost(head.logits(backbone.features(pictures, { training: true, checkpointed })), labels, { epoch: 0 }),
  { learningRate: 0.01 },
);
const value = loss.dataSync()[0]!;
const seconds = Math.round((performance.now() - start) / 100) / 10;
tf.dispose([loss, pictures, labels]);
for (const part of [optimizer, head, backbone]) part.dispose();
const peak = Math.round((process.resourceUsage().maxRSS * 1024) / 1e7) / 100; // KiB to GB
const left = tf.memory().numTensors - before;
console.info(JSON.stringify({ name, batch: Number(batch), how, loss: value, seconds, peak, left }));
if (!(peak <= Number(bound)) || !Number.isFinite(value) || left !== 0) process.exitCode = 1;
