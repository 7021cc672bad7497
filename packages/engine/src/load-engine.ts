/** tfjs with the fastest backend there is, and a word about which. */
import '@tensorflow/tfjs'; // the gradients: tfjs-core's build for Node has none of its own
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { findTorch } from './find-torch.ts';
import { type InstallProgress, installTorch } from './install-torch.ts';

export interface Engine {
  readonly tf: typeof tf;
  readonly backend: 'torch' | 'wasm';
  readonly device: 'cpu';
  /** Of the library behind the backend. */
  readonly version: string;
  /** The folder that libtorch was loaded from. */
  readonly library?: string;
  /** Why it is not the default one, in a sentence. */
  readonly note?: string;
}

export interface LoadOptions {
  /** 'auto': torch, or wasm where torch cannot be had. */
  readonly backend?: 'auto' | 'torch' | 'wasm';
  /** 'auto' is the CPU so far. */
  readonly device?: 'auto' | 'cpu';
  /** Fetch libtorch if it is nowhere on the machine. */
  readonly install?: boolean;
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
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
  if (!['auto', 'torch', 'wasm'].includes(backend))
    throw new EngineError(`the backend must be auto, torch or wasm, but it is "${backend}".`, { backend });
  if (!['auto', 'cpu'].includes(device))
    throw new EngineError(`the device must be auto or cpu in this version, but it is "${device}".`, {
      device,
    });
  if (backend === 'wasm') return loadWasm();
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

async function loadWasm(note?: string): Promise<Engine> {
  const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm')))
    throw new EngineError('the WebAssembly backend did not start; use Node 22 or newer.');
  return { tf, backend: 'wasm', device: 'cpu', version, ...(note && { note }) };
}
