/** Optimizers, averages and checkpointed stages on libtorch: the steps of tfjs's cpu backend, which are PyTorch's. */
import { batchNormTrain, conv2dGeneral, normal } from '@longtail/kernels';
import { adam, adamW, checkpointed, ema, type Optimizer, sgd } from '@longtail/optim';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { liveHandles } from '../src/index.ts';
import { library } from './both.ts';

type Make = (variables: readonly tf.Variable[]) => Optimizer;
type T4 = tf.Tensor4D;

const random = (shape: number[], key: string) => normal(shape, { seed: 0, keys: [key] });

/** Five steps of a small network by two losses each, and the averages: all values afterwards. */
function path(make: Make, { saving = false }: { saving?: boolean } = {}): number[][] {
  const trained = [[3, 3, 3, 4], [3, 3, 4, 4], [4], [4]].map((shape, i) =>
    tf.tidy(() => tf.variable(tf.mul(0.3, random(shape, `${i}`)))),
  );
  const statistics = [tf.zeros([4]), tf.ones([4])].map((x) => tf.variable(x, false));
  const [first, second, scale, offset] = trained as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const stage = (x: T4) => {
    const inputs = { scale, offset, runningMean: statistics[0], runningVariance: statistics[1] };
    return batchNormTrain(conv2dGeneral(x, second as unknown as T4, { padding: 1 }), inputs as never, {
      activation: 'relu',
    });
  };
  const lossOf = (key: string) => () => {
    const x = conv2dGeneral(random([2, 6, 6, 3], key) as T4, first as unknown as T4, { padding: 1 });
    const y = saving ? checkpointed(stage, [x], [second, scale, offset]) : stage(x);
    return tf.mean(tf.square(tf.sub(y, random([2, 6, 6, 4], `${key} target`)))) as tf.Scalar;
  };
  const optimizer = make(trained);
  const averages = ema([...trained, ...statistics], { decay: 0.75 });
  for (let i = 0; i < 5; i++) {
    optimizer
      .minimize([lossOf(`${i}`), lossOf(`${i} more`)], { learningRate: 0.05, sizes: [3, 1] })
      .dispose();
    averages.update();
  }
  const all = [...trained, ...statistics, ...optimizer.state.values(), ...averages.state.values()];
  const values = all.map((x) => [...x.dataSync()]);
  optimizer.dispose();
  averages.dispose();
  tf.dispose([...trained, ...statistics]);
  return values;
}

describe.skipIf(!library)('optimizers on torch', () => {
  it.each<[string, Make]>([
    ['sgd', (v) => sgd(v, { weightDecay: 0.01 })],
    ['sgd, nesterov, decoupled', (v) => sgd(v, { weightDecay: 0.1, nesterov: true, decoupled: true })],
    ['adam', (v) => adam(v, { weightDecay: 0.01, epsilon: 1e-3 })],
    [
      'adamW of two groups, clipped',
      (v) =>
        adamW(
          [
            { variables: v.slice(0, 2), rate: 0.1 },
            { variables: v.slice(2), weightDecay: 0 },
          ],
          { epsilon: 1e-3, clip: { norm: 0.1 } },
        ),
    ],
  ])('%s', async (_, make) => {
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => path(make) as never) as number[][];
    await tf.setBackend('torch');
    const before = [liveHandles(), tf.memory().numTensors];
    const plain = tf.tidy(() => path(make) as never) as number[][];
    const saving = tf.tidy(() => path(make, { saving: true }) as never) as number[][];
    expect([liveHandles(), tf.memory().numTensors]).toEqual(before);
    // Five steps of sums of 200 products in another order; Adam divides by what may be small.
    for (const [i, values] of plain.entries()) toBeCloseTo(values, expected[i]!, { relative: 1e-4 });
    expect(saving).toEqual(plain);
  });
});
