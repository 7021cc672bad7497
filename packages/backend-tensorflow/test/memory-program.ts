/** Loops that never let the event loop turn: prints by how many MB each has made the process grow. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { registerTensorflowBackend } from '../src/index.ts';

const [, , library, javascript] = process.argv;
registerTensorflowBackend({ library: library!, javascript: javascript! });
await tf.setBackend('tensorflow');
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const values = new Float32Array(2500);
const x = tf.relu(tf.tensor1d(values));
const text = 'long enough to lie outside of its 24 bytes '.repeat(50);

const LOOPS: Record<string, () => void> = {
  strings: () => void tf.concat([tf.tensor1d([text]), tf.tensor1d([text])]).dataSync(),
  'tensors of values': () => void tf.relu(tf.tensor1d(values)),
  scalars: () => void tf.add(tf.mul(x, 2), 1),
};

/** What JavaScript does not want any more is collected, so that what TensorFlow and its finalizers hold is counted. */
function grown(run: () => void): number {
  const times = (n: number) => {
    for (let i = 0; i < n; i++) tf.tidy(run);
    collect();
    return process.memoryUsage.rss();
  };
  const before = times(1000);
  return (times(12_000) - before) / 1e6;
}

for (const [name, run] of Object.entries(LOOPS)) console.log(JSON.stringify([name, Math.round(grown(run))]));
