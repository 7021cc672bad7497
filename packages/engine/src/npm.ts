/** A package from the npm registry by its tarball: nothing of it is run. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import { extract } from 'tar';
import type { PinnedPackage } from './pins.ts';

/**
 * Fetches and unpacks a package into `target`/package.
 *
 * @returns the sizes of its JavaScript files, by path below `target`
 * @throws EngineError when npm is missing, has no network, or the tarball is another one
 */
export async function fetchPackage(
  { requirement, integrity }: PinnedPackage,
  { staging, target, signal }: { staging: string; target: string; signal?: AbortSignal | undefined },
): Promise<Record<string, number>> {
  const packed = join(staging, 'npm');
  await mkdir(packed);
  try {
    const args = ['pack', requirement, '--pack-destination', packed, '--ignore-scripts'];
    await promisify(execFile)('npm', args, { cwd: staging, ...(signal && { signal }) });
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: string; stderr?: string };
    const why =
      code === 'ENOENT'
        ? 'there is no "npm" on the PATH; install it with Node'
        : `it says ${/^npm (?:error|ERR!) code (\S+)$/m.exec(stderr)?.[1] ?? 'nothing'}; check the network and npm's settings, or name a mirror (npm_config_registry)`;
    throw new EngineError(`npm could not fetch ${requirement}: ${why}.`, { requirement }, { cause });
  }
  const tarball = join(packed, (await readdir(packed))[0]!);
  const hash = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (hash !== integrity)
    throw new EngineError(
      `expected ${requirement} with ${integrity}, but got ${hash}; distrust the registry that gave it.`,
    );
  await mkdir(target, { recursive: true });
  await extract({
    file: tarball,
    cwd: target,
    umask: 0o077,
    filter: (path) => /package\.json$|\/dist\/.*\.js$/.test(path),
  });
  const sizes: Record<string, number> = {};
  for (const entry of await readdir(target, { recursive: true }))
    if (/\.js(on)?$/.test(entry)) sizes[entry] = (await stat(join(target, entry))).size;
  return sizes;
}
