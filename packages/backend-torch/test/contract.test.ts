/** What tfjs asks of a backend, to the letter: types, reads, and what it is told of memory and time. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { liveHandles } from '../src/index.ts';
import { library } from './both.ts';

describe.skipIf(!library)('the contract', () => {
  beforeEach(async () => {
    await tf.setBackend('torch');
  });

  it.each<[tf.DataType, () => tf.Tensor, (x: tf.Tensor) => tf.Tensor, number]>([
    ['float32', () => tf.tensor1d([1.5, -2, Number.NaN]), (x) => tf.neg(x), 1],
    ['int32', () => tf.tensor1d([1, -2, 2 ** 31 - 1], 'int32'), (x) => tf.sub(x, tf.scalar(1, 'int32')), 1],
    ['bool', () => tf.tensor1d([true, false, true], 'bool'), (x) => tf.logicalNot(x), 1],
    ['complex64', () => tf.complex([1, 2, 3], [4, 5, 6]), (x) => tf.mul(x, x), 2],
    ['string', () => tf.tensor1d(['a', 'β', '']), (x) => tf.slice(x, [1], [2]), 0],
  ])('%s is created, read, computed with and disposed', async (dtype, make, run, handles) => {
    const before = [tf.memory().numTensors, liveHandles(), tf.engine().backend.numDataIds()];
    const [x, y] = [make(), tf.tidy(() => run(make()))];
    expect([x.dtype, y.dtype]).toEqual([dtype, dtype]);
    expect(liveHandles()).toBe(before[1]! + 2 * handles);
    const read = [await x.data(), x.dataSync(), y.dataSync()];
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => [make().dataSync(), make().dataSync(), run(make()).dataSync()] as never);
    expect(read).toEqual(expected);
    await tf.setBackend('torch');
    tf.dispose([x, y]);
    expect([tf.memory().numTensors, liveHandles(), tf.engine().backend.numDataIds()]).toEqual(before);
  });

  it('tells of memory, data ids and views', () => {
    const start = tf.memory() as tf.MemoryInfo & { numHandles: number };
    const ids = tf.engine().backend.numDataIds();
    const a = tf.ones([10, 10]);
    const [view, twin] = [tf.reshape(a, [100]), a.clone()];
    const now = tf.memory() as typeof start;
    expect(now.numTensors - start.numTensors).toBe(3);
    expect(now.numDataBuffers - start.numDataBuffers).toBe(2); // the clone has none of its own
    expect(now.numBytes - start.numBytes).toBe(1200);
    expect(now.numHandles - start.numHandles).toBe(2);
    expect(tf.engine().backend.numDataIds() - ids).toBe(2);
    expect(now.unreliable).toBe(true);
    expect(now.reasons).toContain('libtorch allocates outside of JavaScript');
    a.dispose();
    expect([...view.dataSync().slice(0, 2), twin.dataSync().length]).toEqual([1, 1, 100]);
    tf.dispose([view, twin]);
    expect(tf.memory()).toMatchObject({
      numTensors: start.numTensors,
      numBytes: start.numBytes,
      numHandles: start.numHandles,
    });
  });

  it('reads are copies: a freed tensor leaves them as they were, and writing to them changes no tensor', () => {
    const a = tf.fill([1000], 7);
    const [turned, read] = [tf.transpose(tf.reshape(tf.range(0, 6), [2, 3])), a.dataSync() as Float32Array];
    read[0] = 8;
    expect(a.dataSync()[0]).toBe(7);
    expect([...turned.dataSync()]).toEqual([0, 3, 1, 4, 2, 5]); // does not lie in the order of its axes
    a.dispose();
    tf.dispose(Array.from({ length: 50 }, () => tf.fill([1000], 9)));
    expect(new Set(read)).toEqual(new Set([8, 7]));
    turned.dispose();
  });

  it('tells of time and of kernels', async () => {
    const big = tf.ones([300, 300]);
    const time = await tf.time(() => tf.tidy(() => void tf.matMul(big, big)));
    expect(time.kernelMs).toBeGreaterThan(0);
    expect(time.wallMs).toBeGreaterThanOrEqual(time.kernelMs as number);
    const profile = await tf.profile(() => tf.tidy(() => tf.keep(tf.relu(tf.matMul(big, big)))));
    expect(profile.kernelNames.sort()).toEqual(['BatchMatMul', 'Relu']);
    expect(profile).toMatchObject({ newTensors: 1, newBytes: 360_000, peakBytes: expect.any(Number) });
    for (const { kernelTimeMs, outputShapes } of profile.kernels) {
      expect(await kernelTimeMs).toBeGreaterThan(0);
      expect(outputShapes).toEqual([[300, 300]]);
    }
    tf.dispose([big, profile.result as tf.Tensor]);
  });
});
