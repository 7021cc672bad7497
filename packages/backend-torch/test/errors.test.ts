import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { conv2dGeneral, normal, sparseCrossEntropy } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import { toBeCloseTo } from '@longtail/test-support';
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
    expect(run).toThrow(
      /libtorch refused aten::mm of \[2,3\], \[2,3\]: (.*cannot be multiplied|a libtorch older than 2\.13)/,
    );
    expect(run).toThrow(EngineError);
    expect(liveHandles()).toBe(before);
    tf.dispose([a, b]);
    expect(liveHandles()).toBe(before - 2);
    expect(() => tf.add(a, 1)).toThrow();
  });
});

describe.skipIf(!library)('what is refused leaves nothing behind', () => {
  const label = () => tf.tensor1d([7], 'int32');
  it.each<[string, () => unknown]>([
    ['a label out of range', () => sparseCrossEntropy(tf.ones([1, 3]), label())],
    [
      'the label that libtorch would ignore',
      () => sparseCrossEntropy(tf.ones([1, 3]), tf.tensor1d([-100], 'int32')),
    ],
    ['a fraction where a whole number is wanted', () => tf.tile(tf.ones([2]), [1.5])],
    ['strings that do not fill their shape', () => tf.tensor([['a', 'b'], ['c']]).dataSync()],
    ['numbers that do not fill their shape', () => tf.tensor([[1, 2], [3]]).dataSync()],
    ['a negative place', () => tf.scatterND(tf.tensor2d([[-1]], [1, 1], 'int32'), tf.ones([1]), [3])],
    ['a place that is not there', () => tf.gather(tf.ones([2]), tf.tensor1d([5], 'int32'))],
  ])('%s', async (_, run) => {
    await tf.setBackend('torch');
    const before = [tf.memory().numTensors, liveHandles()];
    expect(() => tf.tidy(() => void run())).toThrow();
    expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
  });
});

describe.skipIf(!library)('a variable that is stepped in place', () => {
  it.each<[string, (w: tf.Tensor4D) => tf.Tensor]>([
    ['depthToSpace', (w) => tf.depthToSpace(w, 2)],
    [
      'batchToSpaceND',
      (w) =>
        tf.batchToSpaceND(
          w,
          [1, 1],
          [
            [0, 0],
            [0, 0],
          ],
        ),
    ],
    ['reshape', (w) => tf.reshape(w, [8])],
    ['sum over no axes', (w) => tf.sum(w, [])],
  ])('leaves its %s alone, with and without momentum', async (_, view) => {
    await tf.setBackend('torch');
    tf.tidy(() => {
      const w = tf.variable(tf.ones([1, 2, 1, 4])) as tf.Variable<tf.Rank.R4>;
      for (const momentum of [0, 0.9]) {
        const optimizer = sgd([w], { momentum });
        const step = () => optimizer.minimize(() => tf.sum(tf.square(w)), { learningRate: 0.1 }).dispose();
        step();
        const seen = view(w);
        const before = seen.dataSync();
        step();
        expect(seen.dataSync()).toEqual(before);
        optimizer.dispose();
      }
      w.dispose();
    });
  });
});

describe.skipIf(!library)('a filter', () => {
  it('steps alike whether or not a copy of it is held, and after it is assigned anew', async () => {
    const path = (hold: boolean) =>
      tf.tidy(() => {
        const x = normal([2, 5, 5, 3], { seed: 1 }) as tf.Tensor4D;
        const w = tf.variable(normal([3, 3, 3, 4], { seed: 0 })) as tf.Variable<tf.Rank.R4>;
        const optimizer = sgd([w], { momentum: 0.9 });
        const convolved = () => tf.sum(tf.square(conv2dGeneral(x, w, { padding: 1 }))) as tf.Scalar;
        const decay = () => tf.sum(tf.square(w)) as tf.Scalar;
        for (const loss of [convolved, decay, convolved, decay]) {
          if (hold) tf.clone(w);
          optimizer.minimize(loss, { learningRate: 1e-4 });
          if (loss === convolved) w.assign(tf.mul(w, 0.5));
        }
        optimizer.dispose();
        const values = w.dataSync();
        w.dispose();
        return values as never;
      }) as unknown as Float32Array;
    await tf.setBackend('cpu');
    const expected = path(false);
    await tf.setBackend('torch');
    for (const hold of [false, true]) toBeCloseTo(path(hold), expected, { relative: 1e-5 });
  });
});
