/** A backend that is removed, reset and registered anew: its tensors are freed, and say so. */
import { EngineError } from '@longtail/core';
import { normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { liveHandles, registerTorchBackend } from '../src/index.ts';
import { library } from './both.ts';

afterEach(() => vi.restoreAllMocks());

const works = () => {
  const before = liveHandles();
  expect([...tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]])).dataSync()]).toEqual([11]);
  expect([...tf.tidy(() => normal([3], { seed: 0 })).shape]).toEqual([3]);
  return before;
};

describe.skipIf(!library)('a backend', () => {
  it('that is removed frees all of its tensors, which then say so; it can be registered again', async () => {
    await tf.setBackend('torch');
    const made = liveHandles();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const held = [
      tf.ones([3]),
      tf.tensor1d(['a']),
      tf.complex([1], [2]),
      tf.variable(tf.ones([2, 2])),
    ] as tf.Tensor[];
    held.push(tf.reshape(held[0]!, [3, 1]), held[0]!.clone());
    const { numTensors } = tf.memory();
    expect(liveHandles()).toBeGreaterThan(made);

    tf.removeBackend('torch');
    expect(liveHandles()).toBe(0);
    expect(() => held[0]!.dataSync()).toThrow('the backend of this tensor was removed');

    registerTorchBackend({ library: library! });
    await tf.setBackend('torch');
    for (const old of held) {
      expect(() => old.dataSync()).toThrow(EngineError);
      expect(() => tf.engine().runKernel('Identity', { x: old })).toThrow(
        'the backend of this tensor was removed',
      );
    }
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose(held);
    expect(tf.memory().numTensors).toBe(numTensors - held.length);
    works();
    expect(warn.mock.calls.filter(([text]) => /already registered/.test(String(text)))).toEqual([]);
  });

  it('that was never used can be removed and registered, too', async () => {
    tf.removeBackend('torch');
    registerTorchBackend({ library: library! });
    tf.removeBackend('torch');
    registerTorchBackend({ library: library! });
    await tf.setBackend('torch');
    works();
  });

  it('starts again after tfjs was reset', async () => {
    await tf.setBackend('torch');
    tf.ones([3]);
    tf.engine().reset();
    expect(liveHandles()).toBe(0);
    await tf.setBackend('torch');
    works();
  });
});
