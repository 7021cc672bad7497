/**
 * Checks a matrix product and a convolution on a native library against known numbers. Prints a {@link Verified} as JSON.
 * usage: node verify-program.ts torch|tensorflow cpu|gpu FOLDER...
 */
import { EngineError, NoGpuError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Device, EngineLibrary } from './installed.ts';
import { TITLES, type Verified } from './verify.ts';

async function register(
  name: EngineLibrary,
  [library, javascript]: readonly string[],
  device: Device,
): Promise<string> {
  if (name === 'torch') {
    const { registerTorchBackend } = await import('@longtail/backend-torch');
    return registerTorchBackend({ library: library!, device }).version;
  }
  const { registerTensorflowBackend } = await import('@longtail/backend-tensorflow');
  return registerTensorflowBackend({ library: library!, javascript: javascript!, device }).version;
}

/** On the CPU where no GPU answers: it shows at least that the files are whole. */
async function registered(name: EngineLibrary, device: Device, folders: string[]): Promise<Verified> {
  try {
    return { version: await register(name, folders, device) };
  } catch (error) {
    if (!(error instanceof NoGpuError)) throw error;
    return { version: await register(name, folders, 'cpu'), noGpu: error.message };
  }
}

async function check(name: EngineLibrary, device: Device, folders: string[]): Promise<void> {
  const verified = await registered(name, device, folders);
  await tf.setBackend(name);
  const product = tf
    .matMul(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    )
    .dataSync();
  const convolved = tf
    .conv2d(tf.ones([1, 3, 3, 1]) as tf.Tensor4D, tf.ones([3, 3, 1, 1]) as tf.Tensor4D, 1, 'same')
    .dataSync();
  const found = [...product, ...convolved].join();
  const expected = '19,22,43,50,4,6,4,6,9,6,4,6,4';
  if (found !== expected) throw new EngineError(`${TITLES[name]} computed ${found} instead of ${expected}.`);
  process.stdout.write(`${JSON.stringify(verified)}\n`);
}

const [, , name, device, ...folders] = process.argv;
await check(name as EngineLibrary, device as Device, folders);
