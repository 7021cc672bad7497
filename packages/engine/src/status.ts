/** What `engine status` tells. */
import { cacheFolder } from './cache.ts';
import { findTorch } from './find-torch.ts';
import { findGpu } from './gpu.ts';
import { thisHost } from './host.ts';
import type { Device } from './installed.ts';
import { findTensorflow } from './tensorflow.ts';

export interface EngineStatus {
  readonly backend: 'torch' | 'wasm';
  readonly device: Device;
  readonly version: string | null;
  readonly library: string | null;
  readonly source: string | null;
  /** Version and folder of the TensorFlow in the cache. */
  readonly tensorflow: string | null;
  readonly gpu: {
    /** The GPU that answers. */
    readonly name: string | null;
    /** Why none does. */
    readonly why: string | null;
    /** The folder of a libtorch for it. */
    readonly torch: string | null;
    /** Version and folder of a TensorFlow for it. */
    readonly tensorflow: string | null;
  };
  readonly cache: string;
  readonly platform: string;
  readonly glibc: string | null;
  readonly node: string;
  /** Why the places looked at before do not do. */
  readonly passedOver: readonly string[];
}

function tensorflowIn(device: Device): string | null {
  const found = findTensorflow({ device });
  return typeof found === 'string' ? null : `${found.version} in ${found.library}`;
}

/** What {@link loadEngine} would take, without loading or fetching anything. */
export async function engineStatus(): Promise<EngineStatus> {
  const host = thisHost();
  const forGpu = (await findTorch({ host, device: 'gpu' })).found;
  const gpu = findGpu();
  const isGpu = typeof gpu !== 'string' && forGpu !== undefined && process.platform !== 'darwin';
  const { found, passedOver } = isGpu ? { found: forGpu, passedOver: [] } : await findTorch({ host });
  return {
    backend: found ? 'torch' : 'wasm',
    device: isGpu ? 'gpu' : 'cpu',
    version: found?.version ?? null,
    library: found?.library ?? null,
    source: found?.source ?? null,
    tensorflow: tensorflowIn('cpu'),
    gpu: {
      name: typeof gpu === 'string' ? null : gpu.name,
      why: typeof gpu === 'string' ? gpu : null,
      torch: forGpu?.library ?? null,
      tensorflow: tensorflowIn('gpu'),
    },
    cache: cacheFolder(),
    platform: host.platform,
    glibc: host.glibc ?? null,
    node: process.version,
    passedOver,
  };
}
