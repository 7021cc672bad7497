/** Which files libtorch is in a folder, and whether this process has loaded others. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EngineError } from '@longtail/core';
import type { DeviceTraits } from './device.ts';

const LIBRARY = { linux: 'libtorch_cpu.so', darwin: 'libtorch_cpu.dylib', win32: 'torch_cpu.dll' } as Record<
  string,
  string
>;

const { platform } = process;

/** The paths of libtorch_cpu and of what the device needs beside it. @throws EngineError when one is missing */
export function filesOf(library: string, { libraries, kind, title }: DeviceTraits): string[] {
  const name = LIBRARY[platform];
  if (!name || !existsSync(join(library, name)))
    throw new EngineError(
      `expected libtorch (${name ?? `unknown on ${platform}`}) in ${library}, but it is not there; run "npx @longtail/engine install".`,
      { library },
    );
  const beside = libraries[platform] ?? [];
  const missing = beside.find((file) => !existsSync(join(library, file)));
  if (missing || (kind === 'cuda' && !beside.length))
    throw new EngineError(
      `expected a libtorch for a ${title} (${missing ?? `unknown on ${platform}`}) in ${library}, but that one is for the CPU; run "npx @longtail/engine install torch --gpu", or set LONGTAIL_TORCH to a torch that was built for CUDA.`,
      { library },
    );
  return [name, ...beside].map((file) => join(library, file));
}

/** The files that this process has mapped. Deno's report does not say, and there Linux's own list does. */
function sharedObjects(): readonly string[] {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  report.excludeNetwork = true; // else it asks for the name of every peer
  const { sharedObjects } = report.getReport() as { sharedObjects?: string[] };
  if (sharedObjects || platform !== 'linux') return sharedObjects ?? [];
  return readFileSync('/proc/self/maps', 'utf8').match(/\/.*$/gm) ?? [];
}

/** The folder of another libtorch that this process has loaded, perhaps in another thread: they would share symbols. */
export function loadedElsewhere(library: string): string | undefined {
  const name = LIBRARY[platform] ?? '';
  const own = join(library, name);
  const other = sharedObjects().find((path) => basename(path) === name);
  return other && !(existsSync(own) && realpathSync(other) === realpathSync(own))
    ? join(other, '..')
    : undefined;
}
