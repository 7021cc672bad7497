/** Puts libtorch into the cache: an installed one is taken as it is, else pinned wheels are fetched. */
import { join } from 'node:path';
import { fetchPinned, type InstallOptions } from './fetch-pinned.ts';
import { type FoundTorch, findTorch } from './find-torch.ts';
import { type Host, thisHost } from './host.ts';
import { changedBytes, type Device } from './installed.ts';
import { TORCH } from './pins.ts';
import { TORCH_GPU } from './pins-gpu.ts';
import { type Verified, verifyEngine } from './verify.ts';

export interface InstalledTorch extends FoundTorch {
  /** Where it is for a GPU, and whole, but none answers: why. */
  readonly noGpu?: string;
}

/** What is found, but for an installation in the cache whose bytes have changed: that is fetched anew. */
async function wholeTorch(where: { host: Host; device: Device }): Promise<FoundTorch | undefined> {
  const { found } = await findTorch(where);
  return found?.source === 'cache' && (await changedBytes(join(found.library, '../..'))) ? undefined : found;
}

/**
 * @param options.device 'gpu': with the libraries of CUDA (Linux), of the same wheel (macOS)
 * @returns where libtorch is now
 * @throws EngineError naming what is missing (Python, pip, network, disk, platform, glibc) and the remedy
 * @example
 * const { library } = await installTorch({ onProgress: ({ phase, done, total }) => ... });
 */
export async function installTorch({
  host = thisHost(),
  device = 'cpu',
  ...options
}: InstallOptions = {}): Promise<InstalledTorch> {
  const found = await wholeTorch({ host, device });
  if (found?.source === 'cache' && device === 'cpu') return found; // it was verified on its way there
  if (found) return { ...found, ...(await verifyEngine('torch', [found.library], device)) };
  let verified: Verified | undefined;
  const folder = await fetchPinned('torch', {
    ...options,
    host,
    library: device === 'gpu' && !host.platform.startsWith('darwin') ? TORCH_GPU : TORCH,
    isThere: async () => (await wholeTorch({ host, device })) !== undefined,
    async verify(root) {
      verified = await verifyEngine('torch', [join(root, 'torch/lib')], device);
    },
  });
  const library = join(folder, 'torch/lib');
  verified ??= await verifyEngine('torch', [library], device);
  return { library, source: 'cache', ...verified };
}
