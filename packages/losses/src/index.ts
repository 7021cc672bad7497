export { crossEntropy } from './cross-entropy.ts';
export type { Loss } from './loss.ts';
