/**
 * Pinned wheels into the cache: fetched, their few libraries unpacked beside the final place, verified, and renamed into
 * it. One installs at a time; whoever waits finds the other's result; one that was killed leaves only a folder that the
 * next one removes.
 */
import { access, chmod, constants, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, refusal } from '@longtail/core';
import { makeFolder } from '@longtail/core/make-folder';
import { lock } from 'proper-lockfile';
import { cacheFolder, exposure } from './cache.ts';
import type { Host } from './host.ts';
import {
  changedBytes,
  type Device,
  type EngineLibrary,
  hashesOf,
  installFolder,
  type MpiLibrary,
  type Stamp,
} from './installed.ts';
import { fetchPackage } from './npm.ts';
import type { Pin, PinnedLibrary } from './pins.ts';
import { downloadWheels } from './pip.ts';
import { unpack } from './unpack.ts';

/** `done` and `total` are bytes, where a phase has them. */
export interface InstallProgress {
  readonly phase: 'waiting' | 'download' | 'unpack' | 'verify';
  readonly done: number;
  readonly total: number;
}

export interface InstallOptions {
  readonly host?: Host;
  readonly device?: Device;
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The pin of this platform. @throws EngineError when there is none, or the C library is too old or another one */
function pinFor({ title, otherwise, pins }: PinnedLibrary, { platform, glibc }: Host): Pin {
  const pin = pins[platform];
  if (!pin)
    throw new EngineError(
      `${title} is pinned for ${Object.keys(pins).join(', ')}, but this is ${platform}; ${otherwise}.`,
      { platform },
    );
  if (!pin.glibc) return pin;
  if (!glibc)
    throw new EngineError(
      `${title} needs glibc, but this Linux has another C library (musl?); use a glibc image such as Debian's.`,
      { platform },
    );
  const [major, minor] = glibc.split('.').map(Number) as [number, number];
  if (major < 2 || (major === 2 && minor < Number(pin.glibc.split('.')[1])))
    throw new EngineError(
      `${title} needs glibc ${pin.glibc} or newer, but this machine has ${glibc}; use a newer system, or ${otherwise}.`,
      { glibc },
    );
  return pin;
}

interface Fetch extends Omit<InstallOptions, 'device'> {
  readonly host: Host;
  readonly library: PinnedLibrary;
  /** Whether another process has installed it meanwhile. */
  readonly isThere: () => boolean | Promise<boolean>;
  /** @throws EngineError when what was unpacked does not work */
  readonly verify: (root: string) => Promise<void>;
}

/**
 * @returns the folder that holds the installation
 * @throws EngineError when it cannot be fetched, or nothing can be kept in the cache: a full or read-only disk
 */
export async function fetchPinned(name: EngineLibrary | MpiLibrary, fetch: Fetch): Promise<string> {
  try {
    return await fetchLocked(name, fetch);
  } catch (cause) {
    const [cache, { title, otherwise }] = [cacheFolder(), fetch.library];
    const why = refusal(cause, { of: cache });
    if (!why) throw cause;
    throw new EngineError(
      `expected to keep ${title} in ${cache}, but ${why.found}; set LONGTAIL_CACHE to a folder of yours with room for it, or ${otherwise}.`,
      { cache },
      { cause },
    );
  }
}

async function fetchLocked(name: EngineLibrary | MpiLibrary, fetch: Fetch): Promise<string> {
  const { library, host } = fetch;
  const pin = pinFor(library, host);
  const cache = cacheFolder();
  await makeFolder(cache, { mode: 0o700 });
  await access(cache, constants.W_OK); // or the lock would be tried for hours on a read-only disk
  const exposed = exposure(cache);
  if (exposed)
    throw new EngineError(
      `${library.title} is not installed where others could change it: ${exposed}; or set LONGTAIL_CACHE to a folder of your own.`,
      { cache },
    );
  fetch.onProgress?.({ phase: 'waiting', done: 0, total: 0 });
  // A lock whose owner was killed goes stale after 10 s without a sign of life.
  const release = await lock(cache, {
    lockfilePath: join(cache, 'install.lock'),
    stale: 10_000,
    retries: { retries: 10_000, minTimeout: 200, maxTimeout: 1000 },
  });
  const target = installFolder(name, library.version, host.platform, library.device);
  try {
    if (!(await fetch.isThere())) await fetchInto(target, cache, { ...fetch, pin });
    return target;
  } finally {
    await release();
  }
}

async function fetchInto(
  target: string,
  cache: string,
  { pin, library, host, verify, onProgress, signal }: Fetch & { pin: Pin },
): Promise<void> {
  for (const left of await readdir(cache))
    if (left.startsWith('staging-')) await rm(join(cache, left), { recursive: true, force: true });
  const staging = await mkdtemp(join(cache, 'staging-'));
  try {
    const report = (phase: InstallProgress['phase']) => (done: number, total: number) =>
      onProgress?.({ phase, done, total });
    const wheels = await downloadWheels(pin, staging, {
      library,
      python: host.python,
      onProgress: report('download'),
      signal,
    });
    const root = join(staging, 'root');
    const files: Record<string, number> = {};
    const names = await readdir(wheels);
    for (const [i, wheel] of pin.wheels.entries()) {
      report('unpack')(i, pin.wheels.length);
      const start = wheel.requirement.replaceAll('-', '_').replace('==', '-');
      const file = names.find((wheelName) => wheelName.startsWith(start))!;
      Object.assign(files, await unpack(join(wheels, file), wheel.files, root));
      await rm(join(wheels, file));
    }
    if (pin.npm) {
      const { folder } = pin.npm;
      const sizes = await fetchPackage(pin.npm, { staging, target: join(root, folder), signal });
      for (const [path, size] of Object.entries(sizes)) files[join(folder, path)] = size;
    }
    report('verify')(0, 0);
    await verify(root);
    const stamp: Stamp = {
      version: library.version,
      wheels: Object.fromEntries(pin.wheels.map((w) => [w.requirement, w.sha256])),
      files,
      sha256: await hashesOf(root, Object.keys(files)),
    };
    await writeFile(join(root, 'stamp.json'), JSON.stringify(stamp, null, 2));
    await chmod(root, 0o700);
    if (await changedBytes(target)) await rm(target, { recursive: true, force: true });
    await rename(root, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
