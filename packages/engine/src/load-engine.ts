/** tfjs with the fastest backend there is, and a word about which. */
import { join } from 'node:path';
import '@tensorflow/tfjs'; // the gradients: tfjs-core's build for Node has none of its own
import { checkOptions, EngineError, NoGpuError } from '@longtail/core';
import { registerGradients } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { InstallOptions } from './fetch-pinned.ts';
import { findTorch } from './find-torch.ts';
import { expectGpu, findGpu } from './gpu.ts';
import { installTorch } from './install-torch.ts';
import type { Device, EngineLibrary } from './installed.ts';
import { marked } from './loading.ts';
import { findTensorflow, installTensorflow } from './tensorflow.ts';

export interface Engine {
  readonly tf: typeof tf;
  readonly backend: 'torch' | 'tensorflow' | 'wasm';
  readonly device: Device;
  /** Of the library behind the backend. */
  readonly version: string;
  /** What convolutions and matrix products compute in, where it is not float32. */
  readonly autocast?: Autocast;
  /** The folder that libtorch or TensorFlow was loaded from. */
  readonly library?: string;
  /** Why it is not the default one, in a sentence. */
  readonly note?: string;
}

const BACKENDS = ['auto', 'torch', 'tensorflow', 'wasm'] as const;
/** 'auto': torch, or wasm where torch cannot be had. */
export type BackendName = (typeof BACKENDS)[number];

const DEVICES = ['auto', 'cpu', 'gpu'] as const;
/** 'auto': a CUDA GPU that answers, if a library for it is installed, or the CPU. MPS (macOS) is for who asks for 'gpu'. */
export type DeviceName = (typeof DEVICES)[number];

/** See `registerTorchBackend`. */
export type Autocast = 'bfloat16';

export interface LoadOptions extends Pick<InstallOptions, 'onProgress' | 'signal'> {
  readonly backend?: BackendName;
  readonly device?: DeviceName;
  /** Convolutions and matrix products in bfloat16; torch only, on a CPU or GPU that computes in it. */
  readonly autocast?: Autocast | undefined;
  /** Fetch libtorch, or TensorFlow where it is asked for, if it is nowhere on the machine. */
  readonly install?: boolean;
}

/**
 * Checks what is asked for before anything is fetched, loaded, or removed for it.
 *
 * @throws EngineError for options that do not go together, or a CPU without bfloat16
 * @throws NoGpuError when a GPU is asked for and none answers
 */
export async function expectOptions({
  backend = 'auto',
  device = 'auto',
  autocast,
}: Pick<LoadOptions, 'backend' | 'device' | 'autocast'>): Promise<void> {
  if (!BACKENDS.includes(backend))
    throw new EngineError(`the backend must be one of ${BACKENDS.join(', ')}, but it is "${backend}".`, {
      backend,
    });
  if (!DEVICES.includes(device))
    throw new EngineError(`the device must be one of ${DEVICES.join(', ')}, but it is "${device}".`, {
      device,
    });
  if (backend === 'wasm' && device === 'gpu')
    throw new EngineError('the backend wasm runs on the CPU alone; take torch or tensorflow for the GPU.');
  if (autocast && (backend === 'wasm' || backend === 'tensorflow'))
    throw new EngineError(`autocast is for the backend torch, but the backend is ${backend}.`, { backend });
  if (device === 'gpu') expectGpu(backend === 'tensorflow' ? 'tensorflow' : 'torch');
  if (!autocast || device === 'gpu') return;
  const { cpuHasBfloat16 } = await import('@longtail/backend-torch');
  if (!cpuHasBfloat16())
    throw new EngineError(
      'autocast needs a CPU that computes in bfloat16, but this one does not; leave it out.',
    );
}

/**
 * Registers and selects a backend; tfjs-core is the same module that every part uses.
 *
 * @throws EngineError when what was asked for by name cannot be had; InputError for options that are no object
 * @example
 * const { tf, backend } = await loadEngine();
 */
export async function loadEngine(wanted: LoadOptions = {}): Promise<Engine> {
  const {
    backend = 'auto',
    device = 'auto',
    install = false,
    ...options
  } = checkOptions(wanted, { of: 'loadEngine' });
  await expectOptions({ backend, device, autocast: options.autocast });
  if (backend === 'wasm') return loadWasm();
  if (backend === 'tensorflow') return loadOn(device, 'tensorflow', { install, ...options });
  try {
    return await loadOn(device, 'torch', { install, ...options });
  } catch (error) {
    const isWanted = backend === 'torch' || device === 'gpu' || options.autocast;
    if (isWanted || !(error instanceof EngineError)) throw error;
    return loadWasm(`libtorch is not used, and training is many times slower: ${error.message}`);
  }
}

interface Load extends Pick<LoadOptions, 'install' | 'autocast' | 'onProgress' | 'signal'> {
  /** Which installation to take, where it is not the device's own: a process can load one library only. */
  readonly builtFor?: Device;
}
const LOADERS = { torch: loadTorch, tensorflow: loadTensorflow } as const;

/** Whether a library for a GPU is installed: a question of its own, as only then is a GPU worth taking. */
async function isInstalledForGpu(library: EngineLibrary): Promise<boolean> {
  if (library === 'tensorflow') return typeof findTensorflow({ device: 'gpu' }) !== 'string';
  return (await findTorch({ device: 'gpu' })).found !== undefined;
}

/** Chooses the device. @throws NoGpuError when one is asked for that does not answer, before anything is fetched */
async function loadOn(device: DeviceName, library: EngineLibrary, options: Load): Promise<Engine> {
  const load = LOADERS[library];
  if (device !== 'auto') return load(device, options);
  const gpu = findGpu(library);
  if (typeof gpu === 'string' || process.platform === 'darwin') return load('cpu', options);
  if (!(await isInstalledForGpu(library))) {
    const note = `${gpu.name} is not used: run "npx @longtail/engine install ${library} --gpu".`;
    return { ...(await load('cpu', options)), note };
  }
  try {
    return await load('gpu', options);
  } catch (error) {
    if (!(error instanceof NoGpuError)) throw error;
    return { ...(await load('cpu', { ...options, builtFor: 'gpu' })), note: error.message };
  }
}

async function loadTorch(
  device: Device,
  { install = false, builtFor = device, autocast, ...options }: Load,
): Promise<Engine> {
  const { found, passedOver } = await findTorch({ device: builtFor });
  if (!found && !install) {
    const [kind, flags] = device === 'gpu' ? [' for a GPU', ' torch --gpu'] : ['', ''];
    throw new EngineError(
      `no libtorch${kind} was found (${passedOver.join('; ')}); run "npx @longtail/engine install${flags}", set LONGTAIL_TORCH to the folder of a torch${kind}, 2.11 or newer, or start it where python3 has one.`,
    );
  }
  const { library, source } = found ?? (await installTorch({ device, ...options }));
  const { registerTorchBackend } = await import('@longtail/backend-torch');
  const root = source === 'cache' ? join(library, '../..') : undefined;
  const { version } = await marked({ library: 'torch', root }, () =>
    registerTorchBackend({ library, device, autocast }),
  );
  await tf.setBackend('torch');
  return { tf, backend: 'torch', device, version, library, ...(autocast && { autocast }) };
}

async function loadTensorflow(
  device: Device,
  { install = false, builtFor = device, ...options }: Load,
): Promise<Engine> {
  const known = findTensorflow({ device: builtFor });
  if (typeof known === 'string' && !install) {
    const [kind, flags] = device === 'gpu' ? [' for a GPU', ' --gpu'] : ['', ''];
    throw new EngineError(
      `TensorFlow${kind} was not found (${known}); run "npx @longtail/engine install tensorflow${flags}".`,
    );
  }
  const { library, javascript } =
    typeof known === 'string' ? await installTensorflow({ device, ...options }) : known;
  const { registerTensorflowBackend } = await import('@longtail/backend-tensorflow');
  const { version } = await marked({ library: 'tensorflow', root: join(library, '..') }, () =>
    registerTensorflowBackend({ library, javascript, device }),
  );
  await tf.setBackend('tensorflow');
  return { tf, backend: 'tensorflow', device, version, library };
}

async function loadWasm(note?: string): Promise<Engine> {
  const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
  registerGradients();
  if (!(await tf.setBackend('wasm')))
    throw new EngineError('the WebAssembly backend did not start; use Node 22 or newer.');
  return { tf, backend: 'wasm', device: 'cpu', version, ...(note && { note }) };
}
