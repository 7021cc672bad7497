import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMutations } from '@longtail/damaged-files';
import { openArrays } from '../src/index.ts';

const files = (names: readonly string[]) =>
  names.map((name) => readFileSync(join(import.meta.dirname, 'golden/torch', name)));

/** Everything that a file lists as numbers, as long as it is no larger than a damaged shape of a small file should be. */
async function readWhole(path: string): Promise<void> {
  const file = await openArrays(path, { format: 'torch' });
  try {
    for (const { name, dtype, shape } of file.arrays)
      if (dtype && shape.reduce((n, d) => n * d, 1) < 2 ** 16) await file.read(name);
  } finally {
    await file.close();
  }
}

describeMutations('pth', {
  files: files(['types.pth', 'views.pth', 'training.pth', 'others.pth', 'deflated.pth', 'tensor.pt']),
  parse: (_, path) => readWhole(path),
});
describeMutations('th', {
  files: files(['types', 'views', 'training', 'others', 'model'].map((name) => `${name}-legacy.pt`)),
  parse: (_, path) => readWhole(path),
});
