/** The conformance suite of backbones: run it on one of your own, with vitest. */
import { InputError } from '@longtail/core';
import { normal, sgdMomentumStep } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type Backbone, type FeatureOptions, trainable } from './backbone.ts';
import { loadWeights, saveWeights } from './load-weights.ts';

/** What the suite looks at, one test each. */
export type Check =
  | 'features'
  | 'names and stages'
  | 'seed'
  | 'gradients'
  | 'checkpointed'
  | 'training'
  | 'freezing'
  | 'kept values'
  | 'save and load'
  | 'bad input'
  | 'no tensor left';

export interface BackboneSuite {
  /** Of a picture: [H, W, C]. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Checks that are left out, each with the reason, which is printed. */
  readonly skip?: Readonly<Partial<Record<Check, string>>>;
}

type Make = (options: { seed: number }) => Backbone;

/** Four pictures, the same ones each time. */
const pictures = (shape: readonly number[], count = 4): tf.Tensor4D =>
  normal([count, ...shape], { seed: 7, keys: ['describeBackbone'] }) as tf.Tensor4D;

const values = (variables: Iterable<tf.Variable>): Float32Array[] =>
  [...variables].map((variable) => variable.dataSync<'float32'>().slice() as Float32Array);

/** Of a scalar that looks at every feature in its own way. */
function gradients(
  backbone: Backbone,
  images: tf.Tensor4D,
  { variables, ...options }: { variables: tf.Variable[] } & FeatureOptions,
): tf.Tensor[] {
  const { value, grads } = tf.variableGrads(() => {
    const features = backbone.features(images, options);
    return tf.sum(tf.mul(features, normal(features.shape, { seed: 8 })));
  }, variables);
  value.dispose();
  return variables.map((variable) => grads[variable.name]!);
}

/** One step of momentum SGD, in place where the backend can. */
function step(variables: tf.Variable[], slopes: readonly tf.Tensor[], learningRate = 0.1): void {
  const velocities = variables.map((variable) => tf.variable(tf.zerosLike(variable)));
  sgdMomentumStep(variables, slopes, velocities, { learningRate });
  tf.dispose(velocities);
}

/**
 * @param make a new backbone with weights from the seed; at `shape` its last map should have more than one place, or batch
 *   statistics of few values leave no gradient
 * @example
 * describeBackbone('resnet-10', ({ seed }) => resNet('resnet-10', { seed }), { shape: [64, 64, 3] });
 */
export function describeBackbone(name: string, make: Make, { shape, skip = {} }: BackboneSuite): void {
  /** With a backbone and pictures, both freed afterwards. */
  const check = (title: Check, test: (backbone: Backbone, images: tf.Tensor4D) => void): void => {
    const run = () => {
      const backbone = make({ seed: 1 });
      try {
        tf.tidy(() => test(backbone, pictures(shape)));
      } finally {
        backbone.dispose();
      }
    };
    const reason = skip[title];
    if (reason === undefined) it(title, run);
    else it.skip(`${title} (left out: ${reason})`, run);
  };
  const inference = (backbone: Backbone, images: tf.Tensor4D): Float32Array =>
    tf.tidy(() => backbone.features(images, { training: false }).dataSync<'float32'>() as Float32Array);

  describe(`backbone ${name}`, () => {
    check('features', (backbone, images) => {
      const whole = backbone.features(images, { training: false });
      expect(whole.shape).toEqual([4, backbone.featureDim]);
      const numbers = whole.dataSync<'float32'>() as Float32Array;
      expect(numbers.findIndex((value) => !Number.isFinite(value))).toBe(-1);
      const scale = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(scale).toBeGreaterThan(0);
      if (backbone.penultimate)
        expect(backbone.penultimate.features(images).shape).toEqual([4, backbone.penultimate.featureDim]);
      const first = inference(backbone, tf.slice(images, 0, 1));
      // Another batch size may sum in another order.
      first.forEach((value, d) => expect(Math.abs(value - numbers[d]!)).toBeLessThan(1e-4 * scale));
    });

    check('names and stages', (backbone) => {
      const { weights, stages } = backbone;
      for (const key of weights.keys()) expect(key).toMatch(/^\w+(\.\w+)*$/);
      const all = [...weights.values()];
      expect(new Set(all).size).toBe(all.length);
      expect(new Set(stages.map((stage) => stage.name)).size).toBe(stages.length);
      for (const kind of ['trainable', 'statistics'] as const) {
        const own = all.filter((variable) => variable.trainable === (kind === 'trainable'));
        const staged = stages.flatMap((stage) => stage[kind]);
        expect(staged.length, kind).toBe(own.length);
        expect(new Set(staged), kind).toEqual(new Set(own));
      }
    });

    check('seed', (backbone) => {
      const [same, other] = [make({ seed: 1 }), make({ seed: 2 })];
      const all = values(backbone.weights.values());
      expect(values(same.weights.values())).toEqual(all);
      expect(values(other.weights.values())).not.toEqual(all);
      for (const one of [same, other]) one.dispose();
    });

    check('gradients', (backbone, images) => {
      const variables = trainable(backbone);
      const named = new Map([...backbone.weights].map(([key, variable]) => [variable, key]));
      for (const training of [true, false])
        for (const [i, slope] of gradients(backbone, images, { variables, training }).entries()) {
          const numbers = slope.dataSync();
          const key = named.get(variables[i]!);
          expect(slope.shape, key).toEqual(variables[i]!.shape);
          expect(numbers.every(Number.isFinite), key).toBe(true);
          expect(
            numbers.some((value) => value !== 0),
            `a gradient of ${key}`,
          ).toBe(true);
        }
    });

    check('checkpointed', (backbone, images) => {
      const options = { variables: trainable(backbone), training: false };
      const plain = gradients(backbone, images, options);
      const checkpointed = backbone.stages.map((stage) => stage.name);
      for (const [i, slope] of gradients(backbone, images, { ...options, checkpointed }).entries()) {
        const [error, size] = [tf.sub(slope, plain[i]!), plain[i]!].map((x) => tf.norm(x).dataSync()[0]!);
        expect(error).toBeLessThanOrEqual(1e-4 * size!); // stages side by side may sum in another order
      }
    });

    check('training', (backbone, images) => {
      const statistics = backbone.stages.flatMap((stage) => stage.statistics);
      const before = values(statistics);
      const evaluated = inference(backbone, images);
      expect(values(statistics)).toEqual(before);
      const trained = tf.tidy(() => backbone.features(images, { training: true }).dataSync());
      // Without statistics, as in transformers, training is the same function.
      if (statistics.length === 0) return;
      expect(trained).not.toEqual(evaluated);
      for (const [i, now] of values(statistics).entries())
        expect(now, `statistics ${i}`).not.toEqual(before[i]);
    });

    check('freezing', (backbone, images) => {
      const frozen = backbone.stages.slice(0, -1);
      const last = backbone.stages.at(-1)!;
      const fixed = frozen.flatMap(({ trainable: own, statistics }) => [...own, ...statistics]);
      const before = [values(fixed), values(last.trainable), values(last.statistics)] as const;
      const variables = trainable(backbone, { stages: [last.name] });
      const names = frozen.map((stage) => stage.name);
      step(variables, gradients(backbone, images, { variables, training: true, frozen: names }));
      expect(values(fixed)).toEqual(before[0]);
      expect(values(last.trainable)).not.toEqual(before[1]);
      if (last.statistics.length > 0) expect(values(last.statistics)).not.toEqual(before[2]);
      const all = backbone.stages.map((stage) => stage.name);
      const still = values(backbone.weights.values());
      tf.tidy(() => void backbone.features(images, { training: true, frozen: all }));
      expect(values(backbone.weights.values())).toEqual(still);
    });

    check('kept values', (backbone, images) => {
      const fresh = make({ seed: 3 });
      const expectCurrent = (before: Float32Array): Float32Array => {
        const now = inference(backbone, images);
        expect(now).not.toEqual(before);
        loadWeights(fresh, saveWeights(backbone));
        expect(now).toEqual(inference(fresh, images));
        return now;
      };
      let now = inference(backbone, images);
      expect(inference(backbone, images)).toEqual(now);
      const variables = trainable(backbone);
      const [first] = variables as [tf.Variable];
      first.assign(tf.mul(first, 1.5));
      now = expectCurrent(now);
      // Without a call in between, as where gradients are accumulated.
      step(
        variables,
        variables.map((variable) => tf.mul(variable, 0.5)),
      );
      now = expectCurrent(now);
      tf.tidy(() => void backbone.features(images, { training: true }));
      if (backbone.stages.some((stage) => stage.statistics.length > 0)) expectCurrent(now);
      fresh.dispose();
    });

    check('save and load', (backbone, images) => {
      const other = make({ seed: 2 });
      const saved = saveWeights(backbone);
      loadWeights(other, saved);
      expect(saveWeights(other)).toEqual(saved);
      expect(inference(other, images)).toEqual(inference(backbone, images));
      other.dispose();
    });

    check('bad input', (backbone, images) => {
      const [height, width, channels] = shape;
      const before = values(backbone.weights.values());
      const wrong: [string, tf.Tensor][] = [
        ['an empty batch', tf.zeros([0, ...shape])],
        ['a channel more', tf.zeros([1, height, width, channels + 1])],
        ['one picture without its batch', tf.zeros([...shape])],
        ['no places', tf.zeros([1, 0, 0, channels])],
        ['integers', tf.zeros([1, ...shape], 'int32')],
      ];
      for (const [what, given] of wrong)
        expect(() => backbone.features(given as tf.Tensor4D, { training: true }), what).toThrow(InputError);
      const named = ['no such stage'];
      for (const stages of [{ frozen: named }, { checkpointed: named }])
        expect(() => backbone.features(images, { training: true, ...stages })).toThrow(/no such stage/);
      expect(() => trainable(backbone, { stages: named })).toThrow(/no such stage/);
      expect(values(backbone.weights.values())).toEqual(before);
    });

    check('no tensor left', (_, images) => {
      const before = tf.memory().numTensors;
      const backbone = make({ seed: 1 });
      inference(backbone, images);
      const kept = tf.memory().numTensors;
      inference(backbone, images);
      expect(tf.memory().numTensors).toBe(kept);
      tf.tidy(() => void gradients(backbone, images, { variables: trainable(backbone), training: true }));
      inference(backbone, images);
      expect(tf.memory().numTensors).toBe(kept);
      const none = tf.tidy(() => tf.slice(images, 0, 0));
      expect(() => backbone.features(none, { training: false })).toThrow();
      backbone.dispose();
      backbone.dispose();
      expect(tf.memory().numTensors).toBe(before + 1); // the empty slice is the test's
    });
  });
}
