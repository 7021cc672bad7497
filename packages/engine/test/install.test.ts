/** The real installer with real wheels, in a cache of its own; without a network the tests are skipped and say so. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { findTorch, installTorch, thisHost } from '../src/index.ts';

const cache = mkdtempSync(join(tmpdir(), 'longtail-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** Runs the installer in a process of its own; `killWhen` ends it by SIGKILL at a line it prints. */
function install({ killWhen }: { killWhen?: string } = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'install-program.ts')], {
    env: { ...process.env, LONGTAIL_CACHE: cache, LONGTAIL_TORCH: '' },
  });
  let output = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (killWhen && output.includes(killWhen)) child.kill('SIGKILL');
      });
    child.on('close', (code) => resolve({ code, output }));
  });
}

describe('installing', () => {
  it('survives a kill; then two at once end with one whole installation; a file cut short is installed again', async (context) => {
    const killed = await install({ killWhen: 'download 1' });
    if (/could not fetch/.test(killed.output)) {
      console.warn(`skipped "${context.task.name}": ${killed.output}`);
      context.skip('the wheels cannot be fetched here');
    }
    expect(killed.code).toBe(null);
    expect(readdirSync(cache).some((name) => name.startsWith('staging-'))).toBe(true);

    const both = await Promise.all([install(), install()]);
    expect(both.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0]);
    expect(both.filter(({ output }) => output.includes('verify')).length).toBe(1);
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^torch-/)]);

    vi.stubEnv('LONGTAIL_CACHE', cache);
    vi.stubEnv('LONGTAIL_TORCH', '');
    const { found } = await findTorch();
    expect(found?.source).toBe('cache');
    truncateSync(join(found!.library, 'libc10.so'), 1000);
    const again = await findTorch({ host: { ...thisHost(), python: 'no-such-python' } });
    expect(again.found).toBeUndefined();
    expect(again.passedOver[0]).toMatch(/libc10.so is not \d+ bytes long/);
    expect((await install()).code).toBe(0);
    expect((await findTorch()).found?.source).toBe('cache');
  }, 300_000);
});

describe('what is missing is named, with the remedy', () => {
  const without = (host: object, options: { device?: 'gpu' } = {}) => {
    vi.stubEnv('LONGTAIL_TORCH', '');
    vi.stubEnv('LONGTAIL_CACHE', join(cache, 'empty'));
    return installTorch({ ...options, host: { ...thisHost(), python: 'no-such-python', ...host } });
  };
  it('Python', async () => {
    await expect(without({ platform: 'linux-x64', glibc: '2.28' })).rejects.toThrow(
      /no "no-such-python" on the PATH; install it .*or set LONGTAIL_TORCH/,
    );
  });
  it('the platform', async () => {
    await expect(without({ platform: 'sunos-sparc' })).rejects.toThrow(
      'but this is sunos-sparc; set LONGTAIL_TORCH',
    );
  });
  it('the platform of a GPU: Windows has no wheel, macOS takes the one for the CPU', async () => {
    const onGpu = { device: 'gpu' } as const;
    await expect(without({ platform: 'win32-x64' }, onGpu)).rejects.toThrow(
      'libtorch for CUDA is pinned for linux-x64, but this is win32-x64; set LONGTAIL_TORCH to a torch of your own that was built for CUDA (for Windows PyPI has none).',
    );
    await expect(without({ platform: 'darwin-arm64' }, onGpu)).rejects.toThrow(
      'fetching libtorch needs Python',
    );
    await expect(without({ platform: 'linux-x64', glibc: '2.28' }, onGpu)).rejects.toThrow(
      'fetching libtorch for CUDA needs Python',
    );
  });
  it('glibc: too old, or none', async () => {
    await expect(without({ platform: 'linux-x64', glibc: '2.17' })).rejects.toThrow(
      'needs glibc 2.28 or newer, but this machine has 2.17',
    );
    await expect(without({ platform: 'linux-x64', glibc: undefined })).rejects.toThrow('musl');
  });
  it('the network', async () => {
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', cache);
    const failed = without({ platform: 'linux-x64', glibc: '2.28', python: 'python3' });
    await expect(failed).rejects.toThrow(EngineError);
    await expect(failed).rejects.toThrow(/check the network|install pip|no "python3"/);
    expect(readdirSync(join(cache, 'empty'))).toEqual([]);
  });
});
