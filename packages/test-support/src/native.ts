/**
 * Where the tests find native libraries: `LONGTAIL_TORCH`, or what `longtail engine install` has put into the cache. They
 * run on the CPU, or with `LONGTAIL_DEVICE=gpu` (`pnpm test:gpu`) on a GPU.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';

const cacheFolder = (): string => process.env.LONGTAIL_CACHE ?? envPaths('longtail', { suffix: '' }).cache;

/** 'apart' is the CPU as if it were a GPU (backend-torch/test/apart.test.ts). */
export const testDevice = (): 'cpu' | 'gpu' | 'apart' =>
  (process.env.LONGTAIL_DEVICE ?? 'cpu') as ReturnType<typeof testDevice>;

/** Installations for the device in the cache, in the order of their versions; on macOS one does for both. */
function installed(name: 'torch' | 'tensorflow'): string[] {
  const cache = cacheFolder();
  const names = existsSync(cache) ? readdirSync(cache) : [];
  const forGpu = testDevice() === 'gpu' && process.platform !== 'darwin';
  return names
    .filter((entry) => new RegExp(`^${name}-\\d`).test(entry) && entry.endsWith('-gpu') === forGpu)
    .sort()
    .map((entry) => join(cache, entry));
}

/** Below the installations of a name in the cache: the folders that a wheel would have put into its environment. */
export function installedIn(name: string, wheel: RegExp): string[] {
  const cache = cacheFolder();
  const roots = existsSync(cache) ? readdirSync(cache).filter((entry) => entry.startsWith(`${name}-`)) : [];
  return roots.sort().flatMap((root) =>
    readdirSync(join(cache, root))
      .filter((folder) => wheel.test(folder))
      .map((folder) => join(cache, root, folder, 'data')),
  );
}

const flag = (): string => (testDevice() === 'gpu' ? ' --gpu' : '');

/** The folders of TensorFlow and of tfjs-node-gpu's JavaScript, or undefined with the reason printed. */
export function tensorflowFolders(): { library: string; javascript: string } | undefined {
  const root = installed('tensorflow').at(-1);
  if (root) return { library: join(root, 'tensorflow'), javascript: join(root, 'tfjs-node-gpu/package') };
  console.warn(
    `skipped: no TensorFlow in ${cacheFolder()}; run "pnpm longtail engine install tensorflow${flag()}".`,
  );
  return undefined;
}

/** The folder of libtorch_cpu, or undefined with the reason printed. */
export function torchLibrary(): string | undefined {
  const named = process.env.LONGTAIL_TORCH;
  const candidates = [
    ...(named ? [named, join(named, 'lib')] : []),
    ...installed('torch').map((root) => join(root, 'torch/lib')),
  ];
  const found = candidates.filter(
    (folder) => existsSync(folder) && readdirSync(folder).some((f) => /torch_cpu/.test(f)),
  );
  if (!found.length)
    console.warn(
      `skipped: no libtorch in LONGTAIL_TORCH or ${cacheFolder()}; run "pnpm longtail engine install torch${flag()}".`,
    );
  return found.at(0);
}
