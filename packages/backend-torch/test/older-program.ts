/** On the library in its first argument: an operator with optionals, and one that is refused. */
import * as tf from '@tensorflow/tfjs-core';
import { registerTorchBackend } from '../src/index.ts';

const { version } = registerTorchBackend({ library: process.argv[2]! });
await tf.setBackend('torch');
const cast = [...tf.cast(tf.tensor1d([2.5, Number.NaN, -3e9]), 'int32').dataSync()];
let refused = '';
try {
  const [a, b] = [tf.ones([2, 3]), tf.ones([2, 3])];
  const attributes = { transposeA: false, transposeB: false };
  tf.engine().runKernel('BatchMatMul', { a, b } as never, attributes as never);
} catch (error) {
  refused = (error as Error).message;
}
console.log(JSON.stringify({ version, cast, refused }));
