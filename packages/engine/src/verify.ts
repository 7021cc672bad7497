/**
 * Loads libtorch in a fresh process and checks a matrix product and a convolution against known numbers, so that a
 * library that crashes takes only that process along. Run as a program: node verify.ts FOLDER.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/** @returns libtorch's version @throws EngineError when it does not load or computes something else */
export async function verifyTorch(library: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(import.meta.url), library],
      { timeout: 120_000 },
    );
    return stdout.trim();
  } catch (cause) {
    const { stderr = '', signal } = cause as { stderr?: string; signal?: string };
    const line =
      stderr.split('\n').find((text) => /Error/.test(text)) ??
      (signal ? `it was ended by ${signal}` : String(cause));
    throw new EngineError(
      `libtorch in ${library} does not work here: ${line.trim()}.`,
      { library },
      { cause },
    );
  }
}

async function check(library: string): Promise<void> {
  const { registerTorchBackend } = await import('@longtail/backend-torch');
  const { version } = registerTorchBackend({ library });
  await tf.setBackend('torch');
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
  if (found !== expected) throw new EngineError(`libtorch computed ${found} instead of ${expected}.`);
  process.stdout.write(`${version}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await check(process.argv[2]!);
