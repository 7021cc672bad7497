/**
 * Everything that a GPU needs but its kernels, on every machine: libtorch on the CPU, its memory taken for out of reach.
 * Values are copied there and back, small ones are kept, places are checked before, float64 is done without.
 */
import { sgd } from '@longtail/optim';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

process.env.LONGTAIL_DEVICE = 'apart';
await import('./kernels.test.ts');
await import('./families.test.ts');
await import('./own-kernels.test.ts');
await import('./errors.test.ts');
const { liveHandles, registerTorchBackend } = await import('../src/index.ts');
const { native } = await import('../src/native.ts');

describe.skipIf(!torchLibrary())('a device apart', () => {
  it('is one a process', () => {
    const other = () => registerTorchBackend({ library: torchLibrary()!, device: 'cpu' });
    expect(other).toThrow('libtorch runs on cpu 0 already');
  });

  it('is not asked for few values that came from here, until they change', async () => {
    await tf.setBackend('torch');
    const { c } = native();
    const copies: unknown[] = [];
    const { copy } = c;
    c.copy = Object.assign((...args: unknown[]) => copies.push(args) && copy(...args), { async: copy.async });
    try {
      const few = tf.variable(tf.tensor1d([1, 2, 3]));
      const one = tf.scalar(7, 'int32');
      const many = tf.tensor1d(new Float32Array(2000).fill(1));
      expect(copies.length).toBe(2); // there: `few` and `many`
      expect([...few.dataSync(), ...one.dataSync()]).toEqual([1, 2, 3, 7]);
      expect([...(await few.data())]).toEqual([1, 2, 3]);
      expect(copies.length).toBe(2);
      expect(many.dataSync().at(-1)).toBe(1);
      expect(copies.length).toBe(3);
      const optimizer = sgd([few], { momentum: 0 });
      optimizer.minimize(() => tf.sum(few) as tf.Scalar, { learningRate: 1 });
      const soFar = copies.length;
      expect([...few.dataSync()]).toEqual([0, 1, 2]);
      expect(copies.length).toBe(soFar + 1);
    } finally {
      c.copy = copy;
    }
  });

  it('gives the values of the moment, though a step in place follows at once, and lets other work go on', async () => {
    await tf.setBackend('torch');
    const before = liveHandles();
    const start = tf.fill([512, 512], 2);
    const w = tf.variable(start);
    const optimizer = sgd([w], { momentum: 0 });
    const step = () => optimizer.minimize(() => tf.sum(w) as tf.Scalar, { learningRate: 1 }).dispose();
    step();
    const reading = w.data();
    step();
    expect((await reading)[0]).toBe(1);
    expect((await w.data())[0]).toBe(0);
    const gone = tf.add(w, 1);
    const last = gone.data();
    gone.dispose();
    expect((await last).at(-1)).toBe(1);
    optimizer.dispose();
    tf.dispose([start, w]);
    expect(liveHandles()).toBe(before);
  });

  it('reads complex numbers and text later, too', async () => {
    await tf.setBackend('torch');
    expect([...(await tf.complex([1], [2]).data())]).toEqual([1, 2]);
    expect(await tf.tensor1d(['β']).data()).toEqual(['β']);
  });
});
