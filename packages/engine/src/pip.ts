/** Wheels from the package index, by pip: it knows the machine's mirrors, proxies and certificates, and checks the hashes. */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { cacheFolder } from './cache.ts';
import type { Pin, PinnedLibrary } from './pins.ts';

/** The bytes of all files below a folder, as far as they are there already. */
function bytesBelow(folder: string): number {
  let total = 0;
  for (const entry of readdirSync(folder, { recursive: true }))
    total += statSync(join(folder, String(entry)), { throwIfNoEntry: false })?.size ?? 0;
  return total;
}

/** Why pip's index does not answer, in the system's words where pip repeats them. */
function unreachable(output: string): string {
  const reason = [...output.matchAll(/\[Errno -?\d+\] ([^'")\n]+)/g)].at(-1)?.[1];
  return `pip cannot get it from its index${reason ? ` (${reason.trim()})` : ''}`;
}

/** What went wrong, from what pip printed, with the remedy. */
function explain(
  { title, otherwise }: PinnedLibrary,
  { python, pin, bytes, output }: { python: string; pin: Pin; bytes: number; output: string },
): EngineError {
  if (/No space left/.test(output))
    return new EngineError(
      `expected to keep ${title} in ${cacheFolder()}, but the disk is full; make ${((2.7 * bytes) / 1e9).toFixed(1)} GB of room, set LONGTAIL_CACHE to a folder of yours on another disk, or ${otherwise}.`, // wheels and what is in them
      { output },
    );
  if (/No matching distribution|connection broken/.test(output) && !/hash/i.test(output)) {
    const wheels = pin.wheels.map(({ requirement }) => requirement).join(', ');
    return new EngineError(
      `expected to fetch ${title} (${Math.ceil(bytes / 1e6)} MB), but ${unreachable(output)}; check the network, name a mirror (PIP_INDEX_URL) or a folder with the wheels of ${wheels} (PIP_FIND_LINKS), or ${otherwise}.`,
      { output },
    );
  }
  const last =
    output
      .trim()
      .split('\n')
      .filter((line) => /error|No module/i.test(line))
      .at(-1) ?? output.trim().slice(-300);
  const remedy = /No module named pip/.test(output)
    ? `install pip for ${python} (on Debian: apt install python3-pip)`
    : /hash/i.test(last)
      ? 'a file differs from the one that was tested; try again, and distrust the index if it stays so'
      : `check the network and pip's settings, or ${otherwise}`;
  return new EngineError(`pip could not fetch ${title}: ${last.trim()}; ${remedy}.`, { output });
}

/**
 * Downloads a pin's wheels into `folder/wheels`.
 *
 * @param options.onProgress bytes so far, about four times a second
 * @throws EngineError when there is no Python or pip, no network, or a hash differs
 */
export async function downloadWheels(
  pin: Pin,
  folder: string,
  {
    library,
    python,
    onProgress,
    signal,
  }: {
    library: PinnedLibrary;
    python: string;
    onProgress?: (done: number, total: number) => void;
    signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const [wheels, temporary, requirements] = ['wheels', 'tmp', 'requirements.txt'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await Promise.all([wheels, temporary].map((path) => mkdir(path)));
  await writeFile(
    requirements,
    pin.wheels.map((w) => `${w.requirement} --hash=sha256:${w.sha256}\n`).join(''),
  );
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--no-cache-dir',
    '--only-binary=:all:',
    '--require-hashes',
    '--disable-pip-version-check',
  ];
  for (const platform of pin.pipPlatforms) args.push('--platform', platform);
  args.push('--python-version', '3.11', '--dest', wheels, '--requirement', requirements);
  const total = pin.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  const timer = setInterval(
    () => onProgress?.(Math.min(total, bytesBelow(wheels) + bytesBelow(temporary)), total),
    250,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(python, args, {
        cwd: folder, // python -m takes modules from the working folder first: this one is ours
        env: { ...process.env, TMPDIR: temporary, TEMP: temporary },
        ...(signal && { signal }),
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          output += chunk;
        });
      child.on('error', (cause: NodeJS.ErrnoException) =>
        reject(
          cause.code === 'ENOENT'
            ? new EngineError(
                `fetching ${library.title} needs Python with pip, but there is no "${python}" on the PATH; install it (on Debian: apt install python3-pip) or ${library.otherwise}.`,
                {},
                { cause },
              )
            : cause,
        ),
      );
      child.on('close', (code) =>
        code === 0 ? resolve() : reject(explain(library, { python, pin, bytes: total, output })),
      );
    });
  } finally {
    clearInterval(timer);
  }
  return wheels;
}
