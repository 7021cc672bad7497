/**
 * Where libtorch is: `LONGTAIL_TORCH`, else the cache, else an installed Python's torch. Python is asked for the
 * folder and the version; torch itself is not imported.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Host, thisHost } from './host.ts';
import { type Device, damage, installFolder } from './installed.ts';
import { TORCH } from './pins.ts';

const run = promisify(execFile);
/** As backend-torch takes them. */
const oldest = ({ platform }: Host) => (platform.startsWith('win32') ? [2, 13] : [2, 11]);
const FOR_GPU = ['libtorch_cuda.so', 'torch_cuda.dll', 'libtorch_cpu.dylib'];
const LIBRARIES = ['libtorch_cpu.so', 'libtorch_cpu.dylib', 'torch_cpu.dll'];

export interface FoundTorch {
  /** The folder that holds libtorch_cpu. */
  readonly library: string;
  /** As far as known before it is loaded. */
  readonly version: string | undefined;
  readonly source: 'LONGTAIL_TORCH' | 'cache' | 'python';
}

export interface TorchSearch {
  readonly found: FoundTorch | undefined;
  /** Why each place that was looked at before did not do. */
  readonly passedOver: readonly string[];
}

/** The folder with libtorch_cpu at or below a torch folder, a site-packages folder or a lib folder. */
function libraryBelow(folder: string): string | undefined {
  return [folder, join(folder, 'lib'), join(folder, 'torch/lib')].find((place) =>
    LIBRARIES.some((file) => existsSync(join(place, file))),
  );
}

const isFor = (device: Device, library: string): boolean =>
  device === 'cpu' || FOR_GPU.some((file) => existsSync(join(library, file)));

const ASK_PYTHON = `
import importlib.metadata, importlib.util, os
spec = importlib.util.find_spec("torch")
print(importlib.metadata.version("torch") if spec else "", os.path.dirname(spec.origin) if spec else "", sep="\\n")
`;

async function pythonTorch(python: string): Promise<{ version: string; folder: string } | undefined> {
  try {
    // Python looks into its working folder first, and ours may hold anything: a torch, an os.py.
    const cwd = dirname(process.execPath);
    const { stdout } = await run(python, ['-c', ASK_PYTHON], { cwd, timeout: 20_000 });
    const [version, folder] = stdout.trim().split('\n');
    return version && folder ? { version, folder } : undefined;
  } catch {
    return undefined; // no Python, or a broken one: nothing to be found there
  }
}

/** The folder of torch in the cache, or why there is none. A GPU's does for the CPU, too. */
function cachedTorch(platform: string, device: Device): { library: string } | string {
  if (!TORCH.pins[platform]) return `there is no pinned libtorch for ${platform}`;
  const [own, other] = [device, 'gpu' as const].map((kind) =>
    installFolder('torch', TORCH.version, platform, kind),
  ) as [string, string];
  const broken = damage(own);
  if (broken && damage(other)) return broken;
  return { library: join(broken ? other : own, 'torch/lib') };
}

/** Looks in every place, in order. */
export async function findTorch({
  host = thisHost(),
  device = 'cpu',
}: {
  host?: Host;
  device?: Device;
} = {}): Promise<TorchSearch> {
  const passedOver: string[] = [];
  const named = process.env.LONGTAIL_TORCH;
  if (named) {
    const library = libraryBelow(named);
    if (library && isFor(device, library))
      return { found: { library, version: undefined, source: 'LONGTAIL_TORCH' }, passedOver };
    const why = library ? 'that torch was built for the CPU' : 'there is no libtorch_cpu in it';
    passedOver.push(`LONGTAIL_TORCH is ${named}, but ${why}`);
  }
  const cached = cachedTorch(host.platform, device);
  if (typeof cached !== 'string')
    return { found: { ...cached, version: TORCH.version, source: 'cache' }, passedOver };
  passedOver.push(cached);
  const python = await pythonTorch(host.python);
  const library = python && libraryBelow(python.folder);
  if (python && library) {
    const [major, minor] = python.version.split('.').map(Number) as [number, number];
    const [first, second] = oldest(host) as [number, number];
    const isNew = major > first || (major === first && minor >= second);
    if (isNew && isFor(device, library))
      return { found: { library, version: python.version, source: 'python' }, passedOver };
    const why = isNew ? 'built for the CPU' : `older than ${first}.${second}`;
    passedOver.push(`${host.python} has torch ${python.version}, ${why}`);
  } else passedOver.push(`${host.python} has no torch`);
  return { found: undefined, passedOver };
}
