/**
 * TensorFlow for tfjs-node-gpu: a pinned wheel's two libraries (and CUDA's, for a GPU), and the JavaScript of the package, whose install script
 * is never run. Run here: linux-x64 on a CPU.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { fetchPinned, type InstallOptions } from './fetch-pinned.ts';
import { type Host, thisHost } from './host.ts';
import { changedBytes, type Device, damage, installFolder } from './installed.ts';
import { TENSORFLOW, TENSORFLOW_GPU } from './pins-tensorflow.ts';
import { type Verified, verifyEngine } from './verify.ts';

export interface FoundTensorflow {
  /** The folder of libtensorflow_cc. */
  readonly library: string;
  /** The folder of the package @tensorflow/tfjs-node-gpu. */
  readonly javascript: string;
  readonly version: string;
  /** Where it was installed for a GPU just now, and is whole, but none answers: why. */
  readonly noGpu?: string;
}

const foundIn = (root: string): FoundTensorflow => ({
  library: join(root, 'tensorflow'),
  javascript: join(root, 'tfjs-node-gpu/package'),
  version: TENSORFLOW.version,
});

/** What an installation has left in the cache, or why there is none. A GPU's does for the CPU, too. */
export function findTensorflow({
  host = thisHost(),
  device = 'cpu',
}: {
  host?: Host;
  device?: Device;
} = {}): FoundTensorflow | string {
  const folder = (kind: Device) => installFolder('tensorflow', TENSORFLOW.version, host.platform, kind);
  const broken = damage(folder(device));
  if (broken && (device === 'gpu' || damage(folder('gpu')))) return broken;
  const found = foundIn(folder(broken ? 'gpu' : device));
  return existsSync(found.javascript) ? found : `${found.javascript} is not there`;
}

/** As {@link findTensorflow}, but for an installation whose bytes have changed: that is fetched anew. */
async function wholeTensorflow(where: { host: Host; device: Device }): Promise<FoundTensorflow | string> {
  const found = findTensorflow(where);
  if (typeof found === 'string') return found;
  return (await changedBytes(join(found.library, '..'))) ?? found;
}

/**
 * @param options.device 'gpu': with the libraries of CUDA 12
 * @returns where TensorFlow is now
 * @throws EngineError naming what is missing (Python, pip, npm, network, disk, platform, glibc) and the remedy
 * @example
 * const { library, javascript } = await installTensorflow();
 */
export async function installTensorflow({
  host = thisHost(),
  device = 'cpu',
  ...options
}: InstallOptions = {}): Promise<FoundTensorflow> {
  const verified = async ({ library, javascript }: FoundTensorflow): Promise<Verified> => {
    const result = await verifyEngine('tensorflow', [library, javascript], device);
    if (result.version === TENSORFLOW.version) return result;
    throw new EngineError(
      `expected TensorFlow ${TENSORFLOW.version} in ${library}, but it is ${result.version}.`,
    );
  };
  const found = await wholeTensorflow({ host, device });
  if (typeof found !== 'string' && device === 'cpu') return found; // it was verified on its way there
  if (typeof found !== 'string') return { ...found, ...(await verified(found)) };
  let result: Verified | undefined;
  const folder = await fetchPinned('tensorflow', {
    ...options,
    host,
    library: device === 'gpu' ? TENSORFLOW_GPU : TENSORFLOW,
    isThere: async () => typeof (await wholeTensorflow({ host, device })) !== 'string',
    async verify(root) {
      result = await verified(foundIn(root));
    },
  });
  return { ...foundIn(folder), ...(result ?? (await verified(foundIn(folder)))) };
}
