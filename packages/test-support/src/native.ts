/** Where the tests find native libraries: `LONGTAIL_TORCH`, or what `longtail engine install` has put into the cache. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';

const cacheFolder = (): string => process.env.LONGTAIL_CACHE ?? envPaths('longtail', { suffix: '' }).cache;

/** Installations in the cache, in the order of their versions. */
function installed(name: 'torch' | 'tensorflow'): string[] {
  const cache = cacheFolder();
  const names = existsSync(cache) ? readdirSync(cache) : [];
  return names
    .filter((entry) => new RegExp(`^${name}-\\d`).test(entry))
    .sort()
    .map((entry) => join(cache, entry));
}

/** The folders of TensorFlow and of tfjs-node-gpu's JavaScript, or undefined with the reason printed. */
export function tensorflowFolders(): { library: string; javascript: string } | undefined {
  const root = installed('tensorflow').at(-1);
  if (root) return { library: join(root, 'tensorflow'), javascript: join(root, 'tfjs-node-gpu/package') };
  console.warn(`skipped: no TensorFlow in ${cacheFolder()}; run "pnpm longtail engine install tensorflow".`);
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
      `skipped: no libtorch in LONGTAIL_TORCH or ${cacheFolder()}; run "pnpm longtail engine install".`,
    );
  return found.at(0);
}
