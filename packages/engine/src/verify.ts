/**
 * Loads a native library in a fresh process and checks a matrix product and a convolution against known numbers, so that a
 * library that crashes takes only that process along. Run as a program: node verify.ts torch|tensorflow cpu|gpu FOLDER...
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EngineError, NoGpuError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Device, EngineLibrary } from './installed.ts';

const TITLES = { torch: 'libtorch', tensorflow: 'TensorFlow' } as const;

export interface Verified {
  readonly version: string;
  /** Where a GPU was asked for, and everything is there and loads, but none answers: why. It computed on the CPU. */
  readonly noGpu?: string;
}

/**
 * @param folders of the library, and of tfjs-node-gpu's JavaScript for tensorflow
 * @throws EngineError when it does not load or computes something else
 */
export async function verifyEngine(
  name: EngineLibrary,
  folders: readonly string[],
  device: Device = 'cpu',
): Promise<Verified> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(import.meta.url), name, device, ...folders],
      { timeout: 120_000 },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Verified;
  } catch (cause) {
    const { stderr = '', signal } = cause as { stderr?: string; signal?: string };
    const line =
      stderr.split('\n').find((text) => /^\w*Error\b.*: /.test(text)) ??
      (signal ? `it was ended by ${signal}` : String(cause));
    throw new EngineError(
      `${TITLES[name]} in ${folders[0]} does not work here: ${line.trim().replace(/\.$/, '')}.`,
      { library: folders[0] },
      { cause },
    );
  }
}

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

if (process.argv[1] === fileURLToPath(import.meta.url))
  await check(process.argv[2] as EngineLibrary, process.argv[3] as Device, process.argv.slice(4));
