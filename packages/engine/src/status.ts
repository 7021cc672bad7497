/** What `longtail engine status` tells. */
import { cacheFolder } from './cache.ts';
import { findTorch } from './find-torch.ts';
import { thisHost } from './host.ts';
import { findTensorflow } from './tensorflow.ts';

export interface EngineStatus {
  readonly backend: 'torch' | 'wasm';
  readonly version: string | null;
  readonly library: string | null;
  readonly source: string | null;
  /** Version and folder of the TensorFlow in the cache. */
  readonly tensorflow: string | null;
  readonly cache: string;
  readonly platform: string;
  readonly glibc: string | null;
  readonly node: string;
  /** Why the places looked at before do not do. */
  readonly passedOver: readonly string[];
}

/** What {@link loadEngine} would take, without loading or fetching anything. */
export async function engineStatus(): Promise<EngineStatus> {
  const host = thisHost();
  const { found, passedOver } = await findTorch({ host });
  const tensorflow = findTensorflow({ host });
  return {
    backend: found ? 'torch' : 'wasm',
    version: found?.version ?? null,
    library: found?.library ?? null,
    source: found?.source ?? null,
    tensorflow: typeof tensorflow === 'string' ? null : `${tensorflow.version} in ${tensorflow.library}`,
    cache: cacheFolder(),
    platform: host.platform,
    glibc: host.glibc ?? null,
    node: process.version,
    passedOver,
  };
}
