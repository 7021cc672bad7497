/** Nothing is computed here, as that takes two GPUs: only whether the library has what is called. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedIn } from '@longtail/test-support/native';
import { expect, it } from 'vitest';
import { loadNccl } from '../src/nccl.ts';

const inCache = installedIn('torch', /^nvidia$/).map((folder) => join(folder, '../nccl/lib/libnccl.so.2'));
const library = [process.env.LONGTAIL_NCCL ?? '', ...inCache].find((path) => existsSync(path));
if (!library)
  console.warn(
    'skipped: NCCL is not installed; name it in LONGTAIL_NCCL (pip install nvidia-nccl-cu13), or run "pnpm longtail engine install torch --gpu".',
  );

it('is missed in a sentence that says how to get it', () => {
  expect(() => loadNccl('/nowhere/libnccl.so.2')).toThrow(/does not load .*LONGTAIL_NCCL\.$/);
});

it.runIf(library)('has every function, makes an id and tells an error', () => {
  const c = loadNccl(library!);
  const id = new Uint8Array(128);
  expect(c.newId(id)).toBe(0);
  expect(id.some((byte) => byte !== 0)).toBe(true);
  expect(String(c.errorText(4) as unknown)).toMatch(/invalid argument/);
});
