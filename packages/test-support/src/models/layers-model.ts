/** A model of tfjs-layers is trained by a tfjs optimizer, evaluated, saved and loaded, as it is on the cpu backend. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { toBeCloseTo } from '../close.ts';
import type { Learner, ModelOptions } from './index.ts';

const BATCH = { batchSize: 16 };

interface Trained {
  readonly model: tf.LayersModel;
  readonly xs: tf.Tensor;
  readonly ys: tf.Tensor;
  readonly losses: number[];
  train(epochs: number): Promise<number[]>;
  dispose(): void;
}

/** Trained from the same weights, on the same batches in the same order, on any backend. */
async function trained(backend: string, { network, data }: Learner, epochs: number): Promise<Trained> {
  await tf.setBackend(backend);
  const [model, { xs, ys }, optimizer] = [network(), data(), tf.train.adam(0.05)];
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const train = async (count: number) => {
    const { history } = await model.fit(xs, ys, { ...BATCH, epochs: count, shuffle: false, verbose: 0 });
    return history.loss as number[];
  };
  const dispose = () => {
    model.dispose();
    optimizer.dispose();
    tf.dispose([xs, ys]);
  };
  return { model, xs, ys, train, dispose, losses: await train(epochs) };
}

/** [loss, accuracy] and the answers. */
function judged({ model, xs, ys }: Trained): { scores: number[]; answers: Float32Array } {
  return tf.tidy(() => ({
    scores: (model.evaluate(xs, ys, BATCH) as tf.Scalar[]).map((score) => score.dataSync()[0]!),
    answers: (model.predict(xs, BATCH) as tf.Tensor).dataSync<'float32'>(),
  })) as { scores: number[]; answers: Float32Array };
}

async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(saved!));
}

export function describeLayersModel(backend: string, learner: Learner, { liveHandles }: ModelOptions): void {
  describe(learner.name, () => {
    it('takes the steps that it takes on the cpu', async () => {
      const [expected, actual] = [await trained('cpu', learner, 2), await trained(backend, learner, 2)];
      // Eight steps of Adam, whose first ones are the gradient's sign: a rounding near 0 is a whole step for a weight.
      toBeCloseTo(actual.losses, expected.losses, { relative: 2e-3 });
      const found = judged(actual);
      await tf.setBackend('cpu');
      const wanted = judged(expected);
      toBeCloseTo(found.scores, wanted.scores, { relative: 5e-3 });
      toBeCloseTo(found.answers, wanted.answers, { absolute: 5e-3 });
      // Of the same weights there is the rounding of a single pass.
      const weights = expected.model.getWeights().map((weight) => weight.dataSync());
      await tf.setBackend(backend);
      tf.tidy(() =>
        actual.model.setWeights(
          actual.model.getWeights().map(({ shape }, i) => tf.tensor(weights[i]!, shape)),
        ),
      );
      const again = judged(actual);
      toBeCloseTo(again.answers, wanted.answers, { absolute: 1e-5 });
      toBeCloseTo(again.scores, wanted.scores, { relative: 1e-5 });
      expected.dispose();
      actual.dispose();
    });

    it('learns, is saved and loaded, and leaves nothing behind', async () => {
      await tf.setBackend(backend);
      const held = () => ({ tensors: tf.memory().numTensors, handles: liveHandles() });
      const before = held();
      const learned = await trained(backend, learner, 12);
      expect(learned.losses.at(-1)!).toBeLessThan(0.5 * learned.losses[0]!);
      expect(judged(learned).scores[1]).toBeGreaterThan(0.9);
      const during = held();
      await learned.train(1);
      const answers = judged(learned);
      expect(held()).toEqual(during);
      const copy = await reloaded(learned.model);
      const asBefore = tf.tidy(() => (copy.predict(learned.xs, BATCH) as tf.Tensor).dataSync());
      expect(asBefore).toEqual(answers.answers);
      copy.dispose();
      learned.dispose();
      expect(held()).toEqual(before);
    });
  });
}
