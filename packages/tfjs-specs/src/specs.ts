/** tfjs-core's own specification suite on a backend, in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tensorflowFolders, testDevice, torchLibrary } from '@longtail/test-support';
import { bundle } from './bundle.ts';

export type Backend = 'torch' | 'tensorflow' | 'wasm' | 'cpu';

export interface SpecResult {
  readonly name: string;
  /** jasmine's word: passed, failed, pending, excluded. */
  readonly status: string;
  /** The first expectation that failed. */
  readonly why?: string;
}

export async function runSpecs(backend: Backend): Promise<SpecResult[]> {
  const wasm = join(import.meta.dirname, '../node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  const tensorflow = tensorflowFolders();
  const env = {
    ...process.env,
    SPECS_BACKEND: backend,
    SPECS_DEVICE: testDevice(),
    SPECS_TORCH: torchLibrary(),
    SPECS_TENSORFLOW: tensorflow?.library,
    SPECS_TFJS_NODE_GPU: tensorflow?.javascript,
    SPECS_WASM: wasm,
  };
  const args = [join(import.meta.dirname, 'run-bundle.ts'), await bundle(backend)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1 << 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const count = (results: readonly SpecResult[], status: string): number =>
  results.filter((result) => result.status === status).length;

/** One line of the table that compares backends. */
export function summary(backend: Backend, results: readonly SpecResult[]): string {
  const [passed, failed] = [count(results, 'passed'), count(results, 'failed')];
  const share = ((100 * passed) / (passed + failed)).toFixed(1);
  return `${backend.padEnd(6)} ${passed} of ${passed + failed} specs of tfjs-core passed (${share} %)`;
}
