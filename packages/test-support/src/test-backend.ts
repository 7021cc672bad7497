/**
 * Which backend a test runs on: tfjs's cpu in the package's own run, and in that of packages/everywhere each of the
 * others in its turn.
 */
import * as tf from '@tensorflow/tfjs';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly backend?: string;
  }
}

export const testBackend = (): string => inject('backend') ?? 'cpu';

/** @example beforeAll(useTestBackend); */
export async function useTestBackend(): Promise<void> {
  if (!(await tf.setBackend(testBackend()))) throw new Error(`the backend ${testBackend()} does not start.`);
}
