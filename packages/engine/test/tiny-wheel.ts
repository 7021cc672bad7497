/** A real wheel of a few bytes, and pip told to find it and nothing else: an installation without the network. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { fetchPinned } from '../src/fetch-pinned.ts';
import { type Host, thisHost } from '../src/host.ts';
import type { Pin, PinnedLibrary } from '../src/pins.ts';

const MAKE = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("tiny/lib/libtiny.so", "not a library, but of a known size")
    info = "tiny-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;

export const host: Host = thisHost();

/** Whether pip runs here; where it does not, the tests that need it are skipped and say so. */
export const hasPip: boolean =
  spawnSync(host.python, ['-m', 'pip', '--version'], { cwd: tmpdir() }).status === 0;
if (!hasPip) console.warn(`skipped: what fetches a wheel, as there is no pip for "${host.python}" here.`);

/** @returns a pin of the wheel, made in `folder`, with pip and the cache pointed there */
export function tinyLibrary(folder: string): PinnedLibrary {
  const wheel = join(folder, 'tiny-1.0-py3-none-any.whl');
  mkdirSync(folder, { recursive: true });
  execFileSync(host.python, ['-c', MAKE, wheel]);
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', folder);
  const pin: Pin = {
    pipPlatforms: ['any'],
    wheels: [
      {
        requirement: 'tiny==1.0',
        sha256: createHash('sha256').update(readFileSync(wheel)).digest('hex'),
        bytes: statSync(wheel).size,
        files: ['tiny/lib/libtiny.so'],
      },
    ],
  };
  return {
    title: 'tiny',
    version: '1.0',
    device: 'cpu',
    otherwise: 'do without',
    pins: { [host.platform]: pin },
  };
}

/** Installs it; nothing is loaded. */
export const install = (library: PinnedLibrary): Promise<string> =>
  fetchPinned('torch', { host, library, isThere: () => false, verify: async () => {} });
