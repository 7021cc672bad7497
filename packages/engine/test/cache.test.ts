/** The cache: nobody else's, checked by hash when it is filled and by its stamp when it is used. pip is the real one. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, UsageError } from '@longtail/core';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, findTorch, loadEngine } from '../src/index.ts';
import { changedBytes, damage } from '../src/installed.ts';
import type { PinnedLibrary } from '../src/pins.ts';
import { hasPip, host, install, tinyLibrary } from './tiny-wheel.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-cache-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const isPosix = process.platform !== 'win32';
const mode = (path: string) => statSync(path).mode & 0o777;
const modesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true }).map((entry) => mode(join(folder, String(entry))) & 0o077);

let made = 0;
let cache: string;
let library: PinnedLibrary;
beforeEach(() => {
  cache = join(root, `cache-${made++}`);
  vi.stubEnv('LONGTAIL_CACHE', cache);
  vi.stubEnv('LONGTAIL_TORCH', '');
  if (hasPip) library = tinyLibrary(join(root, 'wheels'));
  return () => vi.unstubAllEnvs();
});

describe('the folder of the cache', () => {
  it.each(['', ' '])('is refused where LONGTAIL_CACHE is "%s"', async (empty) => {
    vi.stubEnv('LONGTAIL_CACHE', empty);
    expect(() => cacheFolder()).toThrow(UsageError);
    await expect(loadEngine()).rejects.toThrow(
      'LONGTAIL_CACHE must name a folder, but it is empty; unset it for the default, or name one.',
    );
  });

  it.runIf(process.platform === 'linux')('is the default where XDG_CACHE_HOME is empty', () => {
    vi.stubEnv('LONGTAIL_CACHE', undefined);
    vi.stubEnv('XDG_CACHE_HOME', '');
    expect(cacheFolder()).toBe(join(homedir(), '.cache', 'longtail'));
  });
});

describe.skipIf(!hasPip)('an installation', () => {
  it.runIf(isPosix)('is the user’s alone, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const folder = await install(library);
      expect([mode(cache), mode(folder)]).toEqual([0o700, 0o700]);
      expect(new Set(modesBelow(join(folder, 'tiny')))).toEqual(new Set([0]));
      expect(damage(folder)).toBeUndefined();
      expect(readdirSync(cache)).toEqual([`torch-1.0-${host.platform}`]);
    } finally {
      process.umask(umask);
    }
  });

  it('of a wheel with another hash is refused, and leaves nothing', async () => {
    const pin = library.pins[host.platform]!;
    const wheels = [{ ...pin.wheels[0]!, sha256: '0'.repeat(64) }];
    const failed = install({ ...library, pins: { [host.platform]: { ...pin, wheels } } });
    await expect(failed).rejects.toThrow(EngineError);
    await expect(failed).rejects.toThrow(
      /pip could not fetch tiny: .*a file differs from the one that was tested/s,
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'cut short',
      (folder) => truncateSync(join(folder, 'tiny/lib/libtiny.so'), 3),
      /libtiny\.so is not 34 bytes long/,
    ],
    [
      'longer',
      (folder) => writeFileSync(join(folder, 'tiny/lib/libtiny.so'), 'x'.repeat(35)),
      /libtiny\.so is not 34 bytes/,
    ],
    ['gone', (folder) => rmSync(join(folder, 'tiny/lib/libtiny.so')), /libtiny\.so is not 34 bytes/],
    ['without its stamp', (folder) => rmSync(join(folder, 'stamp.json')), /has no readable stamp\.json/],
    [
      'with half a stamp',
      (folder) => truncateSync(join(folder, 'stamp.json'), 20),
      /has no readable stamp\.json/,
    ],
    [
      'with another stamp',
      (folder) => writeFileSync(join(folder, 'stamp.json'), '{"files":null}'),
      /no readable stamp/,
    ],
  ])('that is %s is not used, and is installed anew', async (_, change, words) => {
    const folder = await install(library);
    change(folder);
    expect(damage(folder)).toMatch(words);
    expect(await install(library)).toBe(folder);
    expect(damage(folder)).toBeUndefined();
  });
});

it.skipIf(!hasPip)(
  'an installation whose bytes have changed is known by its hashes, and installed anew',
  async () => {
    const folder = await install(library);
    const file = join(folder, 'tiny/lib/libtiny.so');
    const whole = readFileSync(file);
    expect(await changedBytes(folder)).toBeUndefined();
    writeFileSync(file, Buffer.from(whole).fill('x', 3, 5));
    expect(damage(folder)).toBeUndefined(); // it has its size
    expect(await changedBytes(folder)).toMatch(/libtiny\.so has other bytes than when it was installed/);
    await install(library);
    expect(await changedBytes(folder)).toBeUndefined();
    expect(readFileSync(file)).toEqual(whole);
  },
);

describe.runIf(isPosix && hasPip)('a cache that others can write to', () => {
  it('is not filled', async () => {
    mkdirSync(cache);
    chmodSync(cache, 0o777);
    const failed = install(library);
    await expect(failed).rejects.toThrow(EngineError);
    await expect(failed).rejects.toThrow(
      /can be written by others \(mode 777; chmod go-w it\); or set LONGTAIL_CACHE/,
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each<[string, (folder: string) => string]>([
    ['the cache', () => cache],
    ['the installation', (folder) => folder],
    ['a library', (folder) => join(folder, 'tiny/lib/libtiny.so')],
  ])('is not used: %s', async (_, exposed) => {
    const folder = await install(library);
    const path = exposed(folder);
    chmodSync(path, mode(path) | 0o020);
    expect(damage(folder)).toMatch(/can be written by others/);
    expect(damage(folder)).toContain(path);
  });

  it.runIf(process.getuid?.() === 0)(
    'or belongs to them is not used (runs as root only: it gives a folder away)',
    async () => {
      const folder = await install(library);
      chownSync(folder, 12345, 12345);
      expect(damage(folder)).toMatch(/belongs to another user \(id 12345, yours is 0\)/);
      chownSync(cache, 12345, 12345);
      await expect(install(library)).rejects.toThrow(/belongs to another user/);
    },
  );

  it('is named where torch is looked for', async () => {
    mkdirSync(join(cache, `torch-2.15.0-${host.platform}`), { recursive: true });
    chmodSync(cache, 0o777);
    const { found, passedOver } = await findTorch({ host: { ...host, python: 'no-such-python' } });
    expect(found).toBeUndefined();
    expect(passedOver[0]).toMatch(/can be written by others/);
  });
});
