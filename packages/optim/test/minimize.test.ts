/** What all optimizers share: losses and their parts, state, arguments, tensors. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamW, clipGradients, decayGroups, type Optimizer, sgd } from '../src/index.ts';

beforeAll(useTestBackend);

const one = () => tf.tidy(() => tf.variable(tf.tensor1d([1])));
const square = (w: tf.Variable) => () => tf.sum(tf.square(w)) as tf.Scalar;
const rate = { learningRate: 0.1 };

describe('a step', () => {
  it.each([
    ['sgd', (w: tf.Variable) => sgd([w])],
    ['adam', (w: tf.Variable) => adam([w])],
    ['adamW, clipped', (w: tf.Variable) => adamW([w], { clip: { norm: 1 } })],
    ['sgd, clipped', (w: tf.Variable) => sgd([w], { clip: { value: 1 } })],
  ])('of %s leaves no tensor behind, also when a loss throws, and nothing moves then', (_, make) => {
    const before = tf.memory().numTensors;
    const w = one();
    const optimizer = make(w);
    const inside = tf.memory().numTensors;
    const state = () => [w, ...optimizer.state.values()].map((variable) => [...variable.dataSync()]);
    const step = () => optimizer.minimize([square(w), square(w)], rate).dispose();
    step();
    const moved = state();
    const broken = () => {
      tf.square(w);
      throw new Error('no data');
    };
    expect(() => optimizer.minimize(broken, rate)).toThrow('no data');
    expect(() => optimizer.minimize([square(w), broken], rate)).toThrow('no data');
    expect(() => optimizer.minimize(() => tf.square(w) as never, rate)).toThrow(
      'a loss, the mean over a batch, must be a tensor of rank 0, but it is float32 [1]',
    );
    expect(() => optimizer.minimize((async () => square(w)()) as never, rate)).toThrow(
      'it is a promise; await it',
    );
    expect(state()).toEqual(moved);
    expect(tf.memory().numTensors).toBe(inside);
    step();
    optimizer.dispose();
    w.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the loss', () => {
    const w = one();
    expect(sgd([w]).minimize(square(w), rate).dataSync()[0]).toBe(1);
  });

  it('leaves alone what the loss does not depend on, weight decay or not', () => {
    const [w, other] = [one(), one()];
    for (const make of [sgd, adam, adamW]) {
      const optimizer = make([other, w], { weightDecay: 0.5 });
      optimizer.minimize(square(w), rate);
      expect(other.dataSync()[0]).toBe(1);
    }
  });

  it('keeps a state by the places of the variables, under the names that checkpoints have', () => {
    const [a, b] = [one(), one()];
    expect([...sgd([{ variables: [a] }, { variables: [b] }]).state.keys()]).toEqual([
      'velocity.0',
      'velocity.1',
    ]);
    const names = ['mean.0', 'mean.1', 'square.0', 'square.1', 'steps'];
    expect([...adamW([a, b]).state.keys()]).toEqual(names);
  });

  it('goes on where a state that was kept is put back', () => {
    for (const make of [(w: tf.Variable) => sgd([w]), (w: tf.Variable) => adamW([w])]) {
      const step = (optimizer: Optimizer, w: tf.Variable) => optimizer.minimize(square(w), rate).dispose();
      const w = one();
      const first = make(w);
      for (let i = 0; i < 3; i++) step(first, w);
      const [second, copy] = [make(w), tf.variable(w.clone())];
      for (const [name, variable] of second.state) variable.assign(first.state.get(name)!.clone());
      step(first, w);
      const expected = w.dataSync();
      w.assign(copy);
      step(second, w);
      expect(w.dataSync()).toEqual(expected);
    }
  });
});

describe('several losses', () => {
  const [x, y] = [
    () => normal([10, 3], { seed: 0, keys: ['x'] }),
    () => normal([10, 1], { seed: 0, keys: ['y'] }),
  ];
  const part = (w: tf.Variable, start: number, size: number) => () =>
    tf.mean(
      tf.square(
        tf.sub(
          tf.matMul(tf.slice(x() as tf.Tensor2D, [start, 0], [size, -1]), w as never),
          tf.slice(y(), start, size),
        ),
      ),
    ) as tf.Scalar;

  it('are the step of the large batch, weighted by the parts', () => {
    const at = () => tf.tidy(() => tf.variable(tf.tensor2d([1, -1, 2], [3, 1])));
    for (const options of [{}, { clip: { norm: 0.5 } }]) {
      const [whole, parts] = [at(), at()];
      const [a, b] = [sgd([whole], options), sgd([parts], options)];
      for (let i = 0; i < 3; i++) {
        const expected = a.minimize(part(whole, 0, 10), rate);
        const losses = [part(parts, 0, 4), part(parts, 4, 4), part(parts, 8, 2)];
        toBeCloseTo(b.minimize(losses, { ...rate, sizes: [4, 4, 2] }).dataSync(), expected.dataSync());
      }
      toBeCloseTo(parts.dataSync(), whole.dataSync(), { relative: 1e-6 }); // sums in another order
    }
  });

  it('take the memory of one', async () => {
    const w = tf.variable(tf.tensor2d([1, -1, 2], [3, 1]));
    const optimizer = sgd([w]);
    const peak = async (parts: number) => {
      const losses = Array.from({ length: parts }, () => part(w, 0, 10));
      return (await tf.profile(() => optimizer.minimize(losses, rate))).peakBytes;
    };
    await peak(1);
    const few = await peak(2);
    expect(await peak(20)).toBeLessThan(few + 40); // the losses of steps before, a few bytes each
  });

  it('whose gradients are of different variables all count', () => {
    const [a, b] = [one(), one()];
    sgd([a, b], { momentum: 0 }).minimize([square(a), square(b)], { learningRate: 1, sizes: [1, 3] });
    expect([a, b].map((v) => v.dataSync()[0])).toEqual([0.5, -0.5]);
  });
});

describe('clipping', () => {
  it.each([{ norm: 1 }, { value: 0.1 }])(
    'by %j within a step takes one gradient more, not all again',
    async (clip) => {
      const [COUNT, SIZE] = [8, 10_000];
      const peak = async (options: object): Promise<number> => {
        const variables = Array.from({ length: COUNT }, () => tf.tidy(() => tf.variable(tf.ones([SIZE]))));
        const optimizer = sgd(variables, options);
        const { numBytes } = tf.memory();
        const loss = () => tf.addN(variables.map((w) => tf.sum(tf.square(w)))) as tf.Scalar;
        const { peakBytes } = await tf.profile(() => optimizer.minimize(loss, rate));
        tf.dispose(variables);
        optimizer.dispose();
        return (peakBytes - numBytes) / (4 * SIZE);
      };
      expect(await peak({ clip })).toBeLessThan((await peak({})) + 3);
    },
  );

  it('within a step keeps apart the gradients that are one tensor', () => {
    const [a, b] = [one(), one()];
    const optimizer = sgd([a, b], { momentum: 0, clip: { norm: 1 } });
    optimizer.minimize(() => tf.sum(tf.add(a, b)) as tf.Scalar, { learningRate: 1 }).dispose();
    for (const w of [a, b]) expect(w.dataSync()[0]).toBeCloseTo(1 - 1 / Math.sqrt(2), 5);
    optimizer.dispose();
    tf.dispose([a, b]);
  });

  it('is by the norm of all gradients, or by value', () => {
    const gradients = [tf.tensor1d([3, 0]), tf.tensor2d([[-4]])];
    const values = (clip: Parameters<typeof clipGradients>[1]) =>
      clipGradients(gradients, clip).flatMap((g) => [...g.dataSync()]);
    toBeCloseTo(values({ norm: 1 }), [0.6, 0, -0.8]);
    expect(values({ norm: 6 })).toEqual([3, 0, -4]);
    expect(values({ value: 3.5 })).toEqual([3, 0, -3.5]);
  });
});

it('decayGroups spares biases, scales and offsets', () => {
  const [filter, bias] = [tf.variable(tf.ones([1, 1, 2, 2])), one()];
  const groups = decayGroups([bias, filter], { rate: 0.1 });
  expect(groups).toEqual([
    { variables: [filter], rate: 0.1 },
    { variables: [bias], rate: 0.1, weightDecay: 0 },
  ]);
  expect(() => sgd(decayGroups([filter]))).not.toThrow();
});

describe('refuses', () => {
  const w = tf.tidy(() => tf.variable(tf.tensor1d([1])));
  const frozen = tf.tidy(() => tf.variable(tf.tensor1d([1]), false));
  const step = (options: object) => sgd([w]).minimize([square(w), square(w)], { ...rate, ...options });
  it.each<[string, () => unknown, string]>([
    ['no variable', () => sgd([]), 'at least one variable'],
    ['groups of none', () => adam([{ variables: [] }]), 'at least one variable'],
    ['a variable twice', () => sgd([w, w]), `${w.name} is in two places`],
    ['a variable in two groups', () => sgd([{ variables: [w] }, { variables: [w] }]), 'in two places'],
    ['a tensor', () => sgd([tf.ones([1]) as never]), 'variables[0] must be a tf.Variable'],
    [
      'variables and groups mixed',
      () => sgd([w, { variables: [w] }] as never),
      "a group's variables must be",
    ],
    ['a momentum of 1', () => sgd([w], { momentum: 1 }), 'momentum must be a number in [0, 1), but it is 1'],
    ['nesterov without momentum', () => sgd([w], { momentum: 0, nesterov: true }), 'momentum > 0'],
    ['a negative decay', () => sgd([w], { weightDecay: -1 }), 'weightDecay must be'],
    [
      "a group's NaN decay",
      () => sgd([{ variables: [w], weightDecay: Number.NaN }]),
      "a group's weightDecay",
    ],
    ["a group's negative rate", () => sgd([{ variables: [w], rate: -1 }]), "a group's rate"],
    ['a beta of 1', () => adam([w], { betas: [0.9, 1] }), 'betas[1] must be a number in [0, 1), but it is 1'],
    ['a negative beta', () => adamW([w], { betas: [-0.1, 0.9] }), 'betas[0] must be'],
    ['a NaN epsilon', () => adamW([w], { epsilon: Number.NaN }), 'epsilon must be'],
    ['a negative norm', () => sgd([w], { clip: { norm: -1 } }), 'clip.norm must be'],
    ['an unknown clip', () => sgd([w], { clip: { size: 1 } as never }), 'but has size'],
    ['two clips', () => sgd([w], { clip: { norm: 1, value: 1 } }), 'but has norm,value'],
    ['a negative rate', () => step({ learningRate: -1 }), 'learningRate must be'],
    ['a NaN rate', () => step({ learningRate: Number.NaN }), 'learningRate must be'],
    ['sizes of fewer', () => step({ sizes: [1] }), 'got 2 losses of the sizes [1]'],
    ['a negative size', () => step({ sizes: [2, -1] }), 'sizes[1] must be a number >= 0, but it is -1'],
    ['sizes of nothing', () => step({ sizes: [0, 0] }), 'sizes [0,0]'],
    ['a loss of no variable', () => sgd([w]).minimize(() => tf.scalar(1), rate), 'none of the variables'],
    ['nothing trainable', () => sgd([frozen]).minimize(square(frozen), rate), 'none of the 1 is'],
    ['a loss that is none', () => sgd([w]).minimize(5 as never, rate), 'a loss must be a function'],
    ['no loss', () => sgd([w]).minimize([], rate), 'got 0 losses'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
    expect(w.dataSync()[0]).toBe(1);
  });
});

describe('an exchange', () => {
  const used = () =>
    [1, 2, 3, 4].map((value): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d([value]))));
  /** once, twice, once through a shape, not at all. */
  const loss = ([a, b, c]: tf.Variable[]) =>
    tf.sum(tf.mul(tf.mul(a!, tf.mul(b!, b!)), tf.reshape(c!, [1, 1]))) as tf.Scalar;

  it('hears of the gradients that are whole in the backward pass, and gives those that are stepped by', () => {
    const before = tf.memory().numTensors;
    const variables = used();
    const optimizer = sgd(variables, { momentum: 0 });
    const early = new Map<tf.Variable, number>();
    const found: (number | undefined)[] = [];
    const exchange = {
      onGradient: (of: tf.Variable, gradient: tf.Tensor) => void early.set(of, gradient.dataSync()[0]!),
      finish(all: readonly tf.Variable[], gradients: readonly (tf.Tensor | undefined)[]) {
        expect(all).toEqual(variables);
        found.push(...gradients.map((one) => one?.dataSync()[0]));
        return gradients.map((one) => one && tf.mul(one, 2));
      },
    };
    optimizer.minimize(() => loss(variables), { learningRate: 0.5, exchange }).dispose();
    expect(found).toEqual([12, 12, 4, undefined]);
    expect([...early].map(([of, gradient]) => [variables.indexOf(of), gradient]).sort()).toEqual([
      [0, 12],
      [2, 4],
    ]);
    expect(variables.map((one) => one.dataSync()[0])).toEqual([-11, -10, -1, 4]);
    early.clear();
    const parts = [() => loss(variables), () => loss(variables)];
    optimizer.minimize(parts, { learningRate: 0, exchange }).dispose();
    expect(early.size).toBe(0); // of parts, none is whole before the last
    optimizer.dispose();
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });
});
