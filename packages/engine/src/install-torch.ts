/**
 * Puts libtorch into the cache: an installed one is taken as it is, else pinned wheels are fetched, their few
 * libraries unpacked beside the final place, verified, and renamed into it. One installs at a time; whoever waits
 * finds the other's result; one that was killed leaves only a folder that the next one removes.
 */
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { lock } from 'proper-lockfile';
import { cacheFolder } from './cache.ts';
import { damage, type FoundTorch, findTorch, installFolder } from './find-torch.ts';
import { type Host, thisHost } from './host.ts';
import { PINS, type Pin, TORCH_VERSION } from './pins.ts';
import { downloadWheels } from './pip.ts';
import { unpack } from './unpack.ts';
import { verifyTorch } from './verify.ts';

/** `done` and `total` are bytes, where a phase has them. */
export interface InstallProgress {
  readonly phase: 'waiting' | 'download' | 'unpack' | 'verify';
  readonly done: number;
  readonly total: number;
}

export interface InstallOptions {
  readonly host?: Host;
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
}

function pinFor({ platform, glibc }: Host): Pin {
  const pin = PINS[platform];
  if (!pin)
    throw new EngineError(
      `libtorch is pinned for ${Object.keys(PINS).join(', ')}, but this is ${platform}; set LONGTAIL_TORCH to a torch of your own.`,
      { platform },
    );
  if (!pin.glibc) return pin;
  if (!glibc)
    throw new EngineError(
      "libtorch needs glibc, but this Linux has another C library (musl?); use a glibc image such as Debian's.",
      { platform },
    );
  const [major, minor] = glibc.split('.').map(Number) as [number, number];
  if (major < 2 || (major === 2 && minor < Number(pin.glibc.split('.')[1])))
    throw new EngineError(
      `libtorch needs glibc ${pin.glibc} or newer, but this machine has ${glibc}; use a newer system, or set LONGTAIL_TORCH to a torch built for it.`,
      { glibc },
    );
  return pin;
}

/**
 * @returns where libtorch is now
 * @throws EngineError naming what is missing (Python, pip, network, disk, platform, glibc) and the remedy
 * @example
 * const { library } = await installTorch({ onProgress: ({ phase, done, total }) => ... });
 */
export async function installTorch({
  host = thisHost(),
  onProgress,
  signal,
}: InstallOptions = {}): Promise<FoundTorch> {
  const { found } = await findTorch({ host });
  if (found) {
    if (found.source !== 'cache') await verifyTorch(found.library); // what is in the cache was verified on its way there
    return found;
  }
  const pin = pinFor(host);
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true, mode: 0o700 });
  onProgress?.({ phase: 'waiting', done: 0, total: 0 });
  // A lock whose owner was killed goes stale after 10 s without a sign of life.
  const release = await lock(cache, {
    lockfilePath: join(cache, 'install.lock'),
    stale: 10_000,
    retries: { retries: 10_000, minTimeout: 200, maxTimeout: 1000 },
  });
  try {
    return (await findTorch({ host })).found ?? (await fetchInto(cache, pin, host, { onProgress, signal }));
  } finally {
    await release();
  }
}

async function fetchInto(
  cache: string,
  pin: Pin,
  { platform, python }: Host,
  {
    onProgress,
    signal,
  }: { onProgress: InstallOptions['onProgress'] | undefined; signal: AbortSignal | undefined },
): Promise<FoundTorch> {
  for (const left of await readdir(cache))
    if (left.startsWith('staging-')) await rm(join(cache, left), { recursive: true, force: true });
  const staging = await mkdtemp(join(cache, 'staging-'));
  try {
    const report = (phase: InstallProgress['phase']) => (done: number, total: number) =>
      onProgress?.({ phase, done, total });
    const wheels = await downloadWheels(pin, staging, { python, onProgress: report('download'), signal });
    const root = join(staging, 'root');
    const files: Record<string, number> = {};
    const names = await readdir(wheels);
    for (const [i, wheel] of pin.wheels.entries()) {
      report('unpack')(i, pin.wheels.length);
      const name = names.find((file) =>
        file.startsWith(wheel.requirement.replaceAll('-', '_').replace('==', '-')),
      )!;
      Object.assign(files, await unpack(join(wheels, name), wheel.files, root));
    }
    report('verify')(0, 0);
    await verifyTorch(join(root, 'torch/lib'));
    const stamp = {
      version: TORCH_VERSION,
      wheels: Object.fromEntries(pin.wheels.map((w) => [w.requirement, w.sha256])),
      files,
    };
    await writeFile(join(root, 'stamp.json'), JSON.stringify(stamp, null, 2));
    await chmod(root, 0o700);
    const target = installFolder(platform);
    if (damage(target)) await rm(target, { recursive: true, force: true });
    await rename(root, target);
    return { library: join(target, 'torch/lib'), version: TORCH_VERSION, source: 'cache' };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
