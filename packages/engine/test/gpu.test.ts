/** What can be known of a GPU where there is none, and what an installation for one is worth there. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NoGpuError } from '@longtail/core';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import {
  engineStatus,
  findGpu,
  findTensorflow,
  findTorch,
  loadEngine,
  thisHost,
  verifyEngine,
} from '../src/index.ts';

const cache = mkdtempSync(join(tmpdir(), 'longtail-gpu-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const gpu = findGpu();
const library = torchLibrary();

describe('findGpu', () => {
  it('knows which machines can have one', () => {
    expect(findGpu('torch', { platform: 'darwin', arch: 'arm64' })).toEqual({ name: "Apple's (MPS)" });
    expect(findGpu('torch', { platform: 'darwin', arch: 'x64' })).toBe('this Mac has no Apple silicon');
    expect(findGpu('tensorflow', { platform: 'darwin', arch: 'arm64' })).toMatch('no GPU is supported');
    if (process.platform !== 'win32')
      expect(findGpu('torch', { platform: 'win32', arch: 'x64' })).toBe(
        'there is no NVIDIA driver (nvcuda.dll); install 580 or newer',
      );
  });
});

describe.runIf(typeof gpu === 'string')('where no GPU answers', () => {
  it('the device "gpu" is refused with the reason, before anything is fetched; "auto" is the CPU', async (context) => {
    vi.stubEnv('LONGTAIL_CACHE', join(cache, 'none'));
    for (const backend of ['auto', 'torch', 'tensorflow'] as const) {
      const loading = loadEngine({ backend, device: 'gpu', install: true });
      await expect(loading).rejects.toThrow(NoGpuError);
      await expect(loading).rejects.toThrow(
        /expected a GPU for the device "gpu", but none answers: .*; install \d+ or newer, or take the device "cpu"/,
      );
    }
    if (!library) return context.skip('no libtorch here');
    vi.unstubAllEnvs();
    vi.stubEnv('LONGTAIL_TORCH', library);
    expect((await loadEngine()).device).toBe('cpu');
  });

  it('the status says so', async () => {
    const status = await engineStatus();
    expect(status).toMatchObject({ device: 'cpu', gpu: { name: null, why: gpu } });
  });

  it.for(['torch', 'tensorflow'] as const)(
    '%s for CUDA loads, computes on the CPU, and says why',
    async (name, context) => {
      const found =
        name === 'torch' ? (await findTorch({ device: 'gpu' })).found : findTensorflow({ device: 'gpu' });
      if (!found || typeof found === 'string')
        return context.skip(`not installed: npx @longtail/engine install ${name} --gpu`);
      const folders = 'javascript' in found ? [found.library, found.javascript] : [found.library];
      const { version, noGpu } = await verifyEngine(name, folders, 'gpu');
      expect(version).toMatch(/^2\.\d+\.\d+$/);
      expect(noGpu).toMatch(/expected a CUDA GPU.*found none.*install NVIDIA's driver/);
    },
  );
});

describe.skipIf(!library || process.platform === 'darwin')('a torch for the CPU', () => {
  const host = { ...thisHost(), python: 'no-such-python' };

  it('is passed over for a GPU', async () => {
    vi.stubEnv('LONGTAIL_CACHE', join(cache, 'none'));
    vi.stubEnv('LONGTAIL_TORCH', library!);
    const { found, passedOver } = await findTorch({ host, device: 'gpu' });
    expect(found).toBeUndefined();
    expect(passedOver[0]).toBe(`LONGTAIL_TORCH is ${library}, but that torch was built for the CPU`);
    await expect(verifyEngine('torch', [library!], 'gpu')).rejects.toThrow(
      /expected a libtorch for a CUDA GPU .* but that one is for the CPU; run "npx @longtail\/engine install torch --gpu"/,
    );
  });
});

describe.skipIf(!library)("a GPU's installation", () => {
  it('has a folder of its own, and does for the CPU, too', async (context) => {
    vi.stubEnv('LONGTAIL_TORCH', '');
    const own = (await findTorch()).found;
    if (own?.source !== 'cache' || process.platform === 'darwin')
      return context.skip('no libtorch in the cache');
    const root = join(own.library, '../..');
    symlinkSync(root, join(cache, `${basename(root).replace(/-gpu$/, '')}-gpu`));
    vi.stubEnv('LONGTAIL_CACHE', cache);
    for (const device of ['cpu', 'gpu'] as const) {
      const { found } = await findTorch({ device });
      expect(found?.library).toMatch(/-gpu\/torch\/lib$/);
    }
  });
});
