/** tfjs-node-gpu's backend over a current TensorFlow: values in and out, errors, and the kernels of @longtail/kernels. */
import '@tensorflow/tfjs';
import { join } from 'node:path';
import { EngineError, InputError, NoGpuError } from '@longtail/core';
import { describeKernels } from '@longtail/kernels/testing';
import { tensorflowFolders, testDevice } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerTensorflowBackend } from '../src/index.ts';

const folders = tensorflowFolders();
const device = testDevice() === 'gpu' ? 'gpu' : 'cpu';
if (folders) registerTensorflowBackend({ ...folders, device });

it('names a folder without TensorFlow, or that another one is loaded', () => {
  const nowhere = join(import.meta.dirname, 'nowhere');
  const missing = () => registerTensorflowBackend({ library: nowhere, javascript: nowhere });
  expect(missing).toThrow(EngineError);
  expect(missing).toThrow(
    folders ? /start a new process/ : /nowhere.*npx @longtail\/engine install tensorflow/,
  );
});

it.skipIf(!folders || device === 'gpu')('says that no GPU answers where it runs on the CPU', () => {
  const onGpu = () => registerTensorflowBackend({ ...folders!, device: 'gpu' });
  expect(onGpu).toThrow(NoGpuError);
  expect(onGpu).toThrow(/expected a CUDA GPU.*found none; install NVIDIA's driver.*or take the device "cpu"/);
});

describe.skipIf(!folders)('tensorflow', () => {
  it('keeps every type: float32, int32, bool, complex64, text', async () => {
    await tf.setBackend('tensorflow');
    expect([...tf.tensor1d([1, -7], 'int32').dataSync()]).toEqual([1, -7]);
    expect([...tf.logicalNot(tf.tensor1d([true, false], 'bool')).dataSync()]).toEqual([0, 1]);
    expect(tf.concat([tf.tensor1d(['a', 'β']), tf.tensor1d([''])]).dataSync()).toEqual(['a', 'β', '']);
    expect([...tf.mul(tf.complex([1], [2]), tf.complex([3], [4])).dataSync()]).toEqual([-5, 10]);
    expect(tf.zeros([0, 3]).dataSync().length).toBe(0);
  });

  it.each<[string, () => tf.Tensor, RegExp]>([
    [
      'of many',
      () => tf.sum(tf.tensor([Array(200_000).fill(1), [1]] as number[][])),
      /shape \[2,200000\] needs 400000 values, but got 200001/,
    ],
    ['of few', () => tf.add(tf.tensor([[1, 2, 3], [4]]), 0), /shape \[2,3\] needs 6 values, but got 4/],
    ['too many', () => tf.add(tf.tensor([[1], [2, 3]]), 0), /shape \[2,1\] needs 2 values, but got 3/],
    [
      'of strings',
      () => tf.concat([tf.tensor([['a', 'b'], ['c']]), tf.tensor([['a', 'b']])]),
      /shape \[2,2\] needs 4 values, but got 3/,
    ],
    [
      'of complex numbers',
      () => tf.real(tf.engine().makeTensor(new Float32Array(2), [2], 'complex64')),
      /shape \[2\] needs 2 values, but got 1/,
    ],
  ])('refuses values that do not fill their shape, %s', async (_, make, words) => {
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => make().dataSync())).toThrow(InputError);
    expect(() => tf.tidy(() => make().dataSync())).toThrow(words);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses with the operation and the reason, and leaves no tensor behind', async () => {
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.reshape(tf.tensor1d([1, 2, 3]), [-1, 2]))).toThrow();
    const run = () =>
      tf.tidy(() => {
        const [a, b] = [tf.ones([2, 3]), tf.ones([2, 3])];
        const attributes = { transposeA: false, transposeB: false };
        return tf.engine().runKernel('BatchMatMul', { a, b } as never, attributes as never);
      });
    expect(run).toThrow(/TensorFlow refused BatchMatMul\w*: .*\[2,3\]/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

if (folders) describeKernels('tensorflow');
