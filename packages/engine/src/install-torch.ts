/** Puts libtorch into the cache: an installed one is taken as it is, else pinned wheels are fetched. */
import { join } from 'node:path';
import { fetchPinned, type InstallOptions } from './fetch-pinned.ts';
import { type FoundTorch, findTorch } from './find-torch.ts';
import { thisHost } from './host.ts';
import { TORCH } from './pins.ts';
import { verifyEngine } from './verify.ts';

/**
 * @returns where libtorch is now
 * @throws EngineError naming what is missing (Python, pip, network, disk, platform, glibc) and the remedy
 * @example
 * const { library } = await installTorch({ onProgress: ({ phase, done, total }) => ... });
 */
export async function installTorch({
  host = thisHost(),
  ...options
}: InstallOptions = {}): Promise<FoundTorch> {
  const { found } = await findTorch({ host });
  if (found) {
    if (found.source !== 'cache') await verifyEngine('torch', [found.library]); // the cache's was verified on its way there
    return found;
  }
  const folder = await fetchPinned('torch', {
    ...options,
    host,
    library: TORCH,
    isThere: async () => (await findTorch({ host })).found !== undefined,
    verify: async (root) => void (await verifyEngine('torch', [join(root, 'torch/lib')])),
  });
  return (
    (await findTorch({ host })).found ?? {
      library: join(folder, 'torch/lib'),
      version: TORCH.version,
      source: 'cache',
    }
  );
}
