/** Whether a GPU answers, asked of NVIDIA's driver itself: nothing large is loaded for that. Not run on a GPU so far. */
import { NoGpuError } from '@longtail/core';
import koffi from 'koffi';
import type { EngineLibrary } from './installed.ts';

export interface Gpu {
  readonly name: string;
  /** The newest CUDA that its driver runs, such as `13.2`; undefined on macOS. */
  readonly cuda: string | undefined;
}

/** What the pinned libraries are built for, and the first driver that runs it. */
const NEEDS = { torch: { cuda: 13, driver: 580 }, tensorflow: { cuda: 12, driver: 525 } } as const;

const DRIVER: Readonly<Record<string, string>> = { linux: 'libcuda.so.1', win32: 'nvcuda.dll' };

/** CUDA_ERROR_NO_DEVICE of cuda.h. */
const NO_DEVICE = 100;

function askDriver(file: string): { name: string; version: number } | string {
  let driver: ReturnType<typeof koffi.load>;
  try {
    driver = koffi.load(file);
  } catch {
    return `there is no NVIDIA driver (${file})`;
  }
  const [number, name] = [new Int32Array(1), Buffer.alloc(256)];
  const code =
    driver.func('int cuInit(uint)')(0) ||
    driver.func('int cuDeviceGetName(void *, int, int)')(name, name.length, 0) ||
    driver.func('int cuDriverGetVersion(void *)')(number);
  if (code === NO_DEVICE) return `NVIDIA's driver (${file}) sees no GPU`;
  if (code !== 0) return `NVIDIA's driver (${file}) answers with error ${code}`;
  return { name: name.toString('utf8', 0, name.indexOf(0)), version: number[0]! };
}

/**
 * The GPU that a library would run on, or why there is none.
 *
 * @example
 * const gpu = findGpu();
 * console.log(typeof gpu === 'string' ? `none: ${gpu}` : gpu.name);
 */
export function findGpu(
  library: EngineLibrary = 'torch',
  { platform, arch }: { platform: string; arch: string } = process,
): Gpu | string {
  if (platform === 'darwin' && library === 'torch')
    return arch === 'arm64' ? { name: "Apple's (MPS)", cuda: undefined } : 'this Mac has no Apple silicon';
  const file = DRIVER[platform];
  if (!file) return `no GPU is supported on ${platform}`;
  const found = askDriver(file);
  const { cuda, driver } = NEEDS[library];
  if (typeof found === 'string') return `${found}; install ${driver} or newer`;
  if (found.version < 1000 * cuda)
    return `the driver of ${found.name} is older than CUDA ${cuda}; install ${driver} or newer`;
  const [major, minor] = [Math.floor(found.version / 1000), (found.version % 1000) / 10];
  return { name: found.name, cuda: `${major}.${minor}` };
}

/** @throws NoGpuError with the reason where no GPU answers */
export function expectGpu(library: EngineLibrary): void {
  const gpu = findGpu(library);
  if (typeof gpu === 'string')
    throw new NoGpuError(
      `expected a GPU for the device "gpu", but none answers: ${gpu}, or take the device "cpu".`,
      { library },
    );
}
