/** Where the tests find libtorch: `LONGTAIL_TORCH`, or what `longtail engine install` has put into the cache. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** The folder of libtorch_cpu, or undefined with the reason printed. */
export function torchLibrary(): string | undefined {
  const cache = process.env.LONGTAIL_CACHE ?? envPaths('longtail', { suffix: '' }).cache;
  const roots = existsSync(cache) ? readdirSync(cache).filter((name) => /^torch-\d/.test(name)) : [];
  const named = process.env.LONGTAIL_TORCH;
  const candidates = [
    ...(named ? [named, join(named, 'lib')] : []),
    ...roots.sort().map((root) => join(cache, root, 'torch/lib')),
  ];
  const found = candidates.filter(
    (folder) => existsSync(folder) && readdirSync(folder).some((f) => /torch_cpu/.test(f)),
  );
  if (!found.length)
    console.warn(`skipped: no libtorch in LONGTAIL_TORCH or ${cache}; run "pnpm longtail engine install".`);
  return found.at(0);
}
