/** What the page loads: tfjs with its backends for browsers, and the program. */
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { runProgram } from './program/program.ts';

export interface Page {
  /** undefined: the browser has no such backend. */
  run(backend: string): Promise<Awaited<ReturnType<typeof runProgram>> | undefined>;
}

setWasmPaths('/wasm/');
const page: Page = {
  async run(backend) {
    if (backend === 'webgpu' && !(await navigator.gpu?.requestAdapter())) return undefined;
    if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start.`);
    return runProgram();
  },
};
Object.assign(globalThis, { page });
