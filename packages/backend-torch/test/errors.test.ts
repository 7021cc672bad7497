import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { liveHandles, registerTorchBackend } from '../src/index.ts';
import { library } from './both.ts';

describe('errors', () => {
  it('names a folder without libtorch', () => {
    const elsewhere = join(import.meta.dirname, 'nowhere');
    expect(() => registerTorchBackend({ library: elsewhere })).toThrow(EngineError);
  });

  it.skipIf(!library)('name the operator and the shapes, and free what they held', async () => {
    await tf.setBackend('torch');
    const [a, b] = [tf.ones([2, 3]), tf.ones([2, 3])];
    const before = liveHandles();
    const run = () =>
      tf
        .engine()
        .runKernel('BatchMatMul', { a, b } as never, { transposeA: false, transposeB: false } as never);
    expect(run).toThrow(/libtorch refused aten::matmul of \[2,3\], \[2,3\]: .*cannot be multiplied/);
    expect(run).toThrow(EngineError);
    expect(liveHandles()).toBe(before);
    tf.dispose([a, b]);
    expect(liveHandles()).toBe(before - 2);
    expect(() => tf.add(a, 1)).toThrow();
  });
});
