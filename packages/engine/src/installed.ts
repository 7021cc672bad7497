/** What an installation leaves in the cache, and whether it is still whole. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, exposure } from './cache.ts';

/** Sizes in bytes by path, checked whenever the installation is found again. */
export interface Stamp {
  readonly version: string;
  /** sha256 by requirement. */
  readonly wheels: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, number>>;
}

export type EngineLibrary = 'torch' | 'tensorflow';

export type Device = 'cpu' | 'gpu';

/** On macOS one installation does for both devices. */
export function installFolder(
  name: EngineLibrary,
  version: string,
  platform: string,
  device: Device = 'cpu',
): string {
  const suffix = device === 'gpu' && !platform.startsWith('darwin') ? '-gpu' : '';
  return join(cacheFolder(), `${name}-${version}-${platform}${suffix}`);
}

/** Why an installation in the cache cannot be used, or undefined when it is whole and nobody else's. */
export function damage(folder: string): string | undefined {
  if (!existsSync(folder)) return 'nothing is installed in the cache';
  const exposed = exposure(cacheFolder()) ?? exposure(folder);
  if (exposed) return exposed;
  try {
    const stamp = JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8')) as Stamp;
    const wrong = Object.entries(stamp.files).find(
      ([path, size]) => statSync(join(folder, path), { throwIfNoEntry: false })?.size !== size,
    );
    if (!wrong)
      return Object.keys(stamp.files)
        .map((path) => exposure(join(folder, path)))
        .find(Boolean);
    return `${join(folder, wrong[0])} is not ${wrong[1]} bytes long, as it was when installed`;
  } catch {
    return `${folder} has no readable stamp.json`;
  }
}
