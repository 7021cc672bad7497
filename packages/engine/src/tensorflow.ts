/**
 * TensorFlow for tfjs-node-gpu: a pinned wheel's two libraries, and the JavaScript of the package, whose install script
 * is never run. Run here: linux-x64 on a CPU.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { fetchPinned, type InstallOptions } from './fetch-pinned.ts';
import { type Host, thisHost } from './host.ts';
import { damage, installFolder } from './installed.ts';
import type { Pin, PinnedLibrary } from './pins.ts';
import { verifyEngine } from './verify.ts';

const TENSORFLOW_VERSION = '2.21.0';

const PINS: Readonly<Record<string, Pin>> = {
  'linux-x64': {
    pipPlatforms: ['manylinux_2_27_x86_64'],
    glibc: '2.27',
    wheels: [
      {
        requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
        sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
        bytes: 273829956,
        files: ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'],
      },
    ],
    npm: {
      requirement: '@tensorflow/tfjs-node-gpu@4.22.0',
      integrity:
        'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
      folder: 'tfjs-node-gpu',
    },
  },
};

const TENSORFLOW: PinnedLibrary = {
  title: 'TensorFlow',
  version: TENSORFLOW_VERSION,
  otherwise: 'take the backend torch or wasm',
  pins: PINS,
};

export interface FoundTensorflow {
  /** The folder of libtensorflow_cc. */
  readonly library: string;
  /** The folder of the package @tensorflow/tfjs-node-gpu. */
  readonly javascript: string;
  readonly version: string;
}

const foundIn = (root: string): FoundTensorflow => ({
  library: join(root, 'tensorflow'),
  javascript: join(root, 'tfjs-node-gpu/package'),
  version: TENSORFLOW_VERSION,
});

/** What an installation has left in the cache, or why there is none. */
export function findTensorflow({ host = thisHost() }: { host?: Host } = {}): FoundTensorflow | string {
  const folder = installFolder('tensorflow', TENSORFLOW_VERSION, host.platform);
  const broken = damage(folder);
  if (broken) return broken;
  const found = foundIn(folder);
  return existsSync(found.javascript) ? found : `${found.javascript} is not there`;
}

/**
 * @returns where TensorFlow is now
 * @throws EngineError naming what is missing (Python, pip, npm, network, disk, platform, glibc) and the remedy
 * @example
 * const { library, javascript } = await installTensorflow();
 */
export async function installTensorflow({
  host = thisHost(),
  ...options
}: InstallOptions = {}): Promise<FoundTensorflow> {
  const found = findTensorflow({ host });
  if (typeof found !== 'string') return found;
  const folder = await fetchPinned('tensorflow', {
    ...options,
    host,
    library: TENSORFLOW,
    isThere: () => typeof findTensorflow({ host }) !== 'string',
    async verify(root) {
      const { library, javascript } = foundIn(root);
      const version = await verifyEngine('tensorflow', [library, javascript]);
      if (version !== TENSORFLOW_VERSION)
        throw new EngineError(
          `expected TensorFlow ${TENSORFLOW_VERSION} in ${library}, but it is ${version}.`,
        );
    },
  });
  return foundIn(folder);
}
