/**
 * `pnpm test:gpu`: the kernels, tfjs-core's specs and the demo on this machine's GPU, as the tests run them on the CPU.
 * Ends with 1 where no GPU answers, or a part fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, NoGpuError } from '@longtail/core';
import { expectGpu, findTensorflow, installTorch } from '@longtail/engine';
import { CLI } from './longtail.ts';

const root = join(import.meta.dirname, '../../..');
// Convolutions round to TF32 otherwise, as PyTorch's do, which is coarser than the tests' tolerances.
const env = { ...process.env, LONGTAIL_DEVICE: 'gpu', NVIDIA_TF32_OVERRIDE: '0' };

function passes(title: string, args: readonly string[], cwd = root): boolean {
  console.log(`\n== ${title}`);
  return spawnSync(process.execPath, args, { cwd, env, stdio: 'inherit' }).status === 0;
}

function tests(name: string, ...args: string[]): boolean {
  const folder = join(root, 'packages', name);
  return passes(name, [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', ...args], folder);
}

function demo(): boolean {
  const out = mkdtempSync(join(tmpdir(), 'longtail-gpu-'));
  try {
    return passes('demo', [CLI, 'run', 'demo', '--device', 'gpu', '--out', join(out, 'run')]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function check(): Promise<number> {
  expectGpu('torch');
  const { noGpu } = await installTorch({ device: 'gpu' });
  if (noGpu) throw new NoGpuError(noGpu);
  const parts = [tests('backend-torch'), tests('tfjs-specs', '-t', 'torch passes'), demo()];
  const tensorflow = findTensorflow({ device: 'gpu' });
  if (typeof tensorflow !== 'string') parts.push(tests('backend-tensorflow'));
  else console.log(`\n== backend-tensorflow not run: ${tensorflow}`);
  return parts.every(Boolean) ? 0 : 1;
}

try {
  process.exitCode = await check();
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
