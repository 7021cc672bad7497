/** Large products of matrices, by oneDNN on CPUs whose AVX-512 MKL leaves alone, and by oneDNN on any. */
import { linear, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { TorchBackend } from '../src/backend.ts';
import { liveHandles } from '../src/index.ts';
import { linearProduct } from '../src/kernels/linear-product.ts';
import { mklLeavesAvx512, oneDnn } from '../src/onednn.ts';
import { expectSame, library } from './both.ts';

// More than 2^23 multiply-adds.
const [N, I, O] = [260, 190, 181];
const draw = (shape: number[], key: string) => normal(shape, { seed: 0, keys: [key] }) as tf.Tensor2D;
const float = (...shape: number[]) => ({ shape });

describe.skipIf(!library)(`large products (${mklLeavesAvx512() ? 'by oneDNN' : 'by MKL'})`, () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('are the CPU’s, and so are their gradients; turned: %s, %s', async (left, right) => {
    const shapes = [left ? float(I, N) : float(N, I), right ? float(O, I) : float(I, O)];
    await expectSame((a, b) => tf.matMul(a, b, left, right), shapes);
  });

  it('have a bias', async () => {
    const compute = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
      linear(x as tf.Tensor2D, { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D });
    await expectSame(compute as never, [float(N, I), float(O, I), float(O)]);
  });

  it('pass what is not finite on to its row alone', async () => {
    await tf.setBackend('torch');
    const rows = tf.tidy(() => {
      const x = tf.concat([tf.fill([1, I], Number.NaN), tf.fill([1, I], Infinity), tf.ones([N - 2, I])]);
      return tf.matMul(x, tf.ones([I, O])).arraySync() as number[][];
    });
    expect(rows.map((row) => new Set(row))).toEqual([
      new Set([Number.NaN]),
      new Set([Infinity]),
      ...Array.from({ length: N - 2 }, () => new Set([I])),
    ]);
  });

  it('refuse what does not fit, and leave nothing behind', async () => {
    await tf.setBackend('torch');
    const before = liveHandles();
    const [x, weight, bias] = [tf.ones([N, I]), tf.ones([O, I + 1]), tf.ones([O + 1])];
    const own = tf.ones([O, I]);
    const wrong = [
      () => tf.engine().runKernel('Linear', { x, weight }),
      () => tf.engine().runKernel('Linear', { x, weight: own, bias }),
      () =>
        tf.engine().runKernel('BatchMatMul', { a: x, b: weight }, { transposeA: false, transposeB: true }),
    ];
    for (const run of wrong) expect(() => tf.tidy(run)).toThrow(/aten::(mm|linear)/);
    tf.dispose([x, weight, bias, own]);
    expect(liveHandles()).toBe(before);
  });
});

describe.skipIf(!library)('a product', () => {
  it.each([
    [31, 6, 5],
    [7, 64, 10],
    [128, 130, 33],
    [N, I, O],
  ])('of views is that of their copies, to the bit: %i, %i, %i', async (n, inner, m) => {
    await tf.setBackend('torch');
    tf.tidy(() => {
      const [turnedA, turnedB] = [draw([inner, n], 'a'), draw([m, inner], 'b')];
      const [a, b] = [tf.transpose(turnedA), tf.transpose(turnedB)] as [tf.Tensor2D, tf.Tensor2D];
      const copies = [a, b].map((x) => tf.tensor2d(x.dataSync(), x.shape)) as [tf.Tensor2D, tf.Tensor2D];
      const own = tf.matMul(...copies).dataSync();
      expect(tf.matMul(a, b).dataSync()).toEqual(own);
      expect(tf.matMul(a, copies[1]).dataSync()).toEqual(own);
      const weights = [tf.transpose(copies[1]), tf.tensor2d(turnedB.dataSync(), [m, inner])] as tf.Tensor2D[];
      const [first, second] = weights.map((weight) => linear(a, { weight }).dataSync());
      expect(first).toEqual(second);
    });
  });
});

describe.skipIf(!library)('oneDNN’s product', () => {
  it('is that of MKL, whatever the order of memory', async ({ skip }) => {
    await tf.setBackend('torch');
    if (!oneDnn().isThere) return skip('this build of libtorch has no oneDNN');
    const backend = tf.backend() as TorchBackend;
    const [x, weight, bias] = [draw([N, I], 'x'), draw([O, I], 'weight'), draw([O], 'bias')];
    const [ours, theirs] = tf.tidy(() => {
      const turned = tf.transpose(tf.transpose(weight).clone());
      const handles = [x, turned, bias].map((tensor) => backend.handle(tensor));
      const product = linearProduct(handles[0]!, { weight: handles[1]!, bias: handles[2]! });
      const made = tf.engine().makeTensorFromTensorInfo(backend.output(product, [N, O], 'float32'));
      const plain = tf.concat(
        tf.split(x, [N / 2, N / 2]).map((half) => tf.matMul(half as tf.Tensor2D, weight, false, true)),
      );
      return [made.dataSync(), tf.add(plain, bias).dataSync()];
    });
    tf.dispose([x, weight, bias]);
    expect(Math.max(...ours!.map((value, i) => Math.abs(value - theirs![i]!)))).toBeLessThan(2e-4);
  });
});
