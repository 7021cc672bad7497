/** tfjs with the fastest backend there is, and a word about which. */
import '@tensorflow/tfjs'; // the gradients: tfjs-core's build for Node has none of its own
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { InstallOptions } from './fetch-pinned.ts';
import { findTorch } from './find-torch.ts';
import { installTorch } from './install-torch.ts';
import { findTensorflow, installTensorflow } from './tensorflow.ts';

export interface Engine {
  readonly tf: typeof tf;
  readonly backend: 'torch' | 'tensorflow' | 'wasm';
  readonly device: 'cpu' | 'gpu';
  /** Of the library behind the backend. */
  readonly version: string;
  /** The folder that libtorch or TensorFlow was loaded from. */
  readonly library?: string;
  /** Why it is not the default one, in a sentence. */
  readonly note?: string;
}

const BACKENDS = ['auto', 'torch', 'tensorflow', 'wasm'] as const;
/** 'auto': torch, or wasm where torch cannot be had. */
export type BackendName = (typeof BACKENDS)[number];

export interface LoadOptions extends Pick<InstallOptions, 'onProgress' | 'signal'> {
  readonly backend?: BackendName;
  /** 'auto' is the CPU so far. */
  readonly device?: 'auto' | 'cpu';
  /** Fetch libtorch, or TensorFlow where it is asked for, if it is nowhere on the machine. */
  readonly install?: boolean;
}

/**
 * Registers and selects a backend; tfjs-core is the same module that every part uses.
 *
 * @throws EngineError when what was asked for by name cannot be had
 * @example
 * const { tf, backend } = await loadEngine();
 */
export async function loadEngine({
  backend = 'auto',
  device = 'auto',
  install = false,
  ...options
}: LoadOptions = {}): Promise<Engine> {
  if (!BACKENDS.includes(backend))
    throw new EngineError(`the backend must be one of ${BACKENDS.join(', ')}, but it is "${backend}".`, {
      backend,
    });
  if (!['auto', 'cpu'].includes(device))
    throw new EngineError(`the device must be auto or cpu in this version, but it is "${device}".`, {
      device,
    });
  if (backend === 'wasm') return loadWasm();
  if (backend === 'tensorflow') return loadTensorflow(install, options);
  try {
    return await loadTorch(install, options);
  } catch (error) {
    if (backend === 'torch' || !(error instanceof EngineError)) throw error;
    return loadWasm(`libtorch is not used, and training is many times slower: ${error.message}`);
  }
}

async function loadTorch(
  install: boolean,
  options: Pick<LoadOptions, 'onProgress' | 'signal'>,
): Promise<Engine> {
  const { found, passedOver } = await findTorch();
  if (!found && !install)
    throw new EngineError(`no libtorch was found (${passedOver.join('; ')}); run "longtail engine install".`);
  const { library } = found ?? (await installTorch(options));
  const { registerTorchBackend } = await import('@longtail/backend-torch');
  const { version } = registerTorchBackend({ library });
  await tf.setBackend('torch');
  return { tf, backend: 'torch', device: 'cpu', version, library };
}

async function loadTensorflow(
  install: boolean,
  options: Pick<LoadOptions, 'onProgress' | 'signal'>,
): Promise<Engine> {
  const known = findTensorflow();
  if (typeof known === 'string' && !install)
    throw new EngineError(`TensorFlow was not found (${known}); run "longtail engine install tensorflow".`);
  const { library, javascript } = typeof known === 'string' ? await installTensorflow(options) : known;
  const { registerTensorflowBackend } = await import('@longtail/backend-tensorflow');
  const { version, isGpu } = registerTensorflowBackend({ library, javascript });
  await tf.setBackend('tensorflow');
  return { tf, backend: 'tensorflow', device: isGpu ? 'gpu' : 'cpu', version, library };
}

async function loadWasm(note?: string): Promise<Engine> {
  const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm')))
    throw new EngineError('the WebAssembly backend did not start; use Node 22 or newer.');
  return { tf, backend: 'wasm', device: 'cpu', version, ...(note && { note }) };
}
