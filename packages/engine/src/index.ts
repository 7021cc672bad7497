export { cacheFolder } from './cache.ts';
export type { InstallOptions, InstallProgress } from './fetch-pinned.ts';
export { type FoundTorch, findTorch, type TorchSearch } from './find-torch.ts';
export { expectGpu, findGpu, type Gpu } from './gpu.ts';
export { type Host, thisHost } from './host.ts';
export { type FoundMpi, findMpi, installMpi } from './install-mpi.ts';
export { type InstalledTorch, installTorch } from './install-torch.ts';
export type { Device, MpiLibrary } from './installed.ts';
export {
  type Autocast,
  type BackendName,
  type DeviceName,
  type Engine,
  expectOptions,
  type LoadOptions,
  loadEngine,
} from './load-engine.ts';
export { type EngineStatus, engineStatus } from './status.ts';
export { type FoundTensorflow, findTensorflow, installTensorflow } from './tensorflow.ts';
export { type Verified, verifyEngine } from './verify.ts';
export { type Verification, verificationText, verifyInstallations } from './verify-installations.ts';
