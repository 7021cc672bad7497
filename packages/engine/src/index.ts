export { cacheFolder } from './cache.ts';
export { type FoundTorch, findTorch, type TorchSearch } from './find-torch.ts';
export { type Host, thisHost } from './host.ts';
export { type InstallOptions, type InstallProgress, installTorch } from './install-torch.ts';
export { type Engine, type LoadOptions, loadEngine } from './load-engine.ts';
export { type EngineStatus, engineStatus } from './status.ts';
export { verifyTorch } from './verify.ts';
