/** What makes each baseline: its options by name, its loss by plain formulas, its row and its saved head by the real command. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backbone, cifarResNet } from '@longtail/backbones';
import type { Batch } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { linearFrom, linearHead } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import { crossEntropy, effectiveNumberWeights, ldam, mixup } from '@longtail/losses';
import { argmax } from '@longtail/metrics';
import { sgd } from '@longtail/optim';
import { drawn, toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import cifar from '../recipes/cifar-10-lt.ts';
import { BASELINE_NAMES, BASELINES } from '../src/baselines.ts';
import { experts } from '../src/experts.ts';
import { findLoss } from '../src/losses.ts';
import { optionSources } from '../src/option-sources.ts';
import { loadJointHead } from '../src/representation-file.ts';
import type { Results } from '../src/results.ts';
import { differences } from '../src/run-stamp.ts';
import { withSettings } from '../src/settings.ts';
import { readArrays } from '../src/stage-file.ts';
import { beginRepresentation } from '../src/train-representation.ts';
import { trainStep } from '../src/train-step.ts';
import { longtail } from './longtail.ts';
import { at, recipe, tinyPictures } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-baselines-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.NODE_COMPILE_CACHE = join(root, 'compiled');
beforeAll(async () => {
  await loadEngine({ backend: 'auto' });
});

const COUNTS = Int32Array.of(500, 40, 9, 3);
const NAMES = BASELINE_NAMES.filter((name) => name !== 'none');

describe('a baseline by its name', () => {
  it.each(NAMES)(
    '%s sets its options over those of the recipe, and --set sets others over them',
    (baseline) => {
      const { options } = BASELINES[baseline];
      expect(withSettings(cifar, [`baseline=${baseline}`])).toEqual({
        ...withSettings(cifar, []),
        ...options,
        baseline,
      });
      expect(withSettings(cifar, ['weightDecay=0.5', `baseline=${baseline}`]).weightDecay).toBe(0.5);
      const sources = optionSources(cifar, [`baseline=${baseline}`, 'samplers=square-root']);
      const from = Object.fromEntries(sources.map((one) => [one.name, one.from]));
      for (const name of Object.keys(options))
        expect(from[name]).toBe(name === 'samplers' ? '--set' : 'baseline');
      expect([from.baseline, from.epochs]).toEqual(['--set', 'recipe']);
    },
  );

  it('is none where a file of before does not name it', () => {
    const asked = { seed: 0, baseline: 'none', mixup: 0, experts: 1, retrain: 'classifier' };
    expect(differences({ seed: 0 }, asked)).toEqual([]);
    expect(differences({ seed: 0 }, { ...asked, mixup: 1 })).toEqual(['mixup 0 there, 1 asked for']);
    expect(differences({ seed: 0, mixup: 1 }, asked)).toEqual(['mixup 1 there, 0 asked for']);
  });
});

/** Cross-entropy of rows of logits, in float64. */
function meanOf(logits: readonly number[][], labels: readonly number[]): number {
  const costs = logits.map((row, i) => {
    const most = Math.max(...row);
    const sum = row.reduce((total, z) => total + Math.exp(z - most), 0);
    return most + Math.log(sum) - row[labels[i]!]!;
  });
  return costs.reduce((a, b) => a + b, 0) / costs.length;
}

describe('what is computed', () => {
  const labels = [0, 1, 2, 3, 0, 2];

  it("three experts' loss is the mean of logit-adjusted ones at tau 0, 1 and 2; they answer by their log-probabilities", () => {
    const before = tf.memory().numTensors;
    const { joint, makeLoss } = experts({ count: 3, featureDim: 5, numClasses: 4, seed: 7 });
    const rows = drawn('features', 30, [-2, 2]);
    const features = tf.tensor2d(rows, [6, 5]);
    const given = tf.tensor1d(labels, 'int32');
    const value = (k: number, name: string) => joint.weights.get(`${k}.${name}`)!.dataSync();
    const total = COUNTS.reduce((a, b) => a + b, 0);
    const logitsOf = (k: number) =>
      labels.map((_, i) =>
        [...COUNTS.keys()].map((c) =>
          rows
            .slice(5 * i, 5 * i + 5)
            .reduce((sum, f, d) => sum + f * value(k, 'weight')[5 * c + d]!, value(k, 'bias')[c]!),
        ),
      );
    const wanted = [0, 1, 2].map((tau) =>
      meanOf(
        logitsOf(tau).map((row) => row.map((z, c) => z + tau * Math.log(COUNTS[c]! / total))),
        labels,
      ),
    );
    const logits = joint.logits(features);
    const loss = makeLoss(COUNTS)(logits, given, { epoch: 0, features });
    expect(loss.dataSync()[0]).toBeCloseTo((wanted[0]! + wanted[1]! + wanted[2]!) / 3, 5);
    const meanLog = labels.map((_, i) =>
      [...COUNTS.keys()].map((c) =>
        [0, 1, 2].reduce((sum, k) => sum - meanOf([logitsOf(k)[i]!], [c]) / 3, 0),
      ),
    );
    const probabilities = tf.softmax(logits);
    const norm = meanLog.map((row) => row.reduce((sum, z) => sum + Math.exp(z), 0));
    toBeCloseTo(
      probabilities.dataSync(),
      meanLog.flatMap((row, i) => row.map((z) => Math.exp(z) / norm[i]!)),
      { absolute: 1e-5 },
    );
    expect(joint.trainable.length).toBe(6);
    tf.dispose([features, given, logits, loss, probabilities]);
    joint.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('experts are of the logit-adjusted loss alone', async () => {
    const options = withSettings(recipe, ['experts=3']);
    await expect(beginRepresentation(recipe, tinyPictures(), { seed: 0, options })).rejects.toThrow(
      'experts are trained by loss=logit-adjusted, but the loss is cross-entropy.',
    );
  });

  it.each([1, 5, 10, 200])('LDAM-DRW re-weights from 0.8 of %i epochs on', async (epochs) => {
    const { default: make } = await findLoss('ldam-drw');
    const [plain, weighted] = [
      ldam(COUNTS),
      ldam(COUNTS, { weights: effectiveNumberWeights(COUNTS, { beta: 0.9999 }) }),
    ];
    const found = make(COUNTS, { epochs, seed: 0 });
    const values = tf.tidy(() => {
      const cosines = tf.tensor2d(drawn('cosines', 24, [-1, 1]), [6, 4]);
      const y = tf.tensor1d(labels, 'int32');
      const of = (loss: typeof plain, epoch: number) => loss(cosines, y, { epoch }).dataSync()[0];
      return Array.from({ length: epochs }, (_, epoch) => [
        of(found, epoch),
        of(epoch < Math.floor(0.8 * epochs) ? plain : weighted, epoch),
      ]);
    }) as never as [number, number][];
    for (const [value, wanted] of values) expect(value).toBe(wanted);
    expect(new Set(values.map(([value]) => value)).size).toBe(epochs === 1 ? 1 : 2);
  });

  describe('a step on mixup', () => {
    const shape = [6, 12, 12, 3] as const;
    const { statistics } = recipe;
    const batch: Batch = {
      pixels: Uint8Array.from(drawn('pictures', 6 * 12 * 12 * 3, [0, 255])),
      shape,
      labels: Int32Array.from(labels),
      indices: Int32Array.from(labels),
      skipped: [],
      end: 6,
    };
    const loss = crossEntropy();

    /** The loss of a step at a rate, and the weights after it. */
    function stepped(microBatch: number, backbone: Backbone): { loss: number; weights: Float32Array } {
      const joint = linearHead({ featureDim: backbone.featureDim, numClasses: 4, seed: 0 });
      const optimizer = sgd(joint.trainable);
      const frozen = backbone.stages.map(({ name }) => name); // of which a part is what it is in the whole
      const how = {
        statistics,
        frozen,
        backbone,
        joint,
        loss,
        optimizer,
        learningRate: 0.1,
        microBatch,
        epoch: 0,
        step: 3,
      };
      const found = trainStep(batch, { ...how, mixup: { alpha: 0.4, seed: 5 } });
      const weights = joint.weights.get('weight')!.dataSync<'float32'>() as Float32Array;
      optimizer.dispose();
      joint.dispose();
      return { loss: found.loss, weights: Float32Array.from(weights) };
    }

    it('costs l CE(z, y_i) + (1 - l) CE(z, y_j) of pictures l x_i + (1 - l) x_j, in parts as well', () => {
      const before = tf.memory().numTensors;
      const backbone = cifarResNet({ depth: 8, seed: 0 });
      const wanted = tf.tidy(() => {
        const x = imagesFromBytes(batch.pixels, shape, statistics);
        const { share, partners } = mixup(x, labels, { numClasses: 4, alpha: 0.4, seed: 5, step: 3 });
        const mixed = tf.add(
          tf.mul(x, share),
          tf.mul(tf.gather(x, tf.tensor1d(partners, 'int32')), 1 - share),
        ) as tf.Tensor4D;
        const features = backbone.features(mixed, { training: false });
        const joint = linearHead({ featureDim: 64, numClasses: 4, seed: 0 });
        const logits = joint.logits(features).arraySync();
        joint.dispose();
        const others = [...partners].map((j) => labels[j]!);
        expect(share).not.toBeCloseTo(1, 3);
        return share * meanOf(logits, labels) + (1 - share) * meanOf(logits, others);
      }) as never as number;
      const whole = stepped(0, backbone);
      expect(whole.loss).toBeCloseTo(wanted, 5);
      const parts = stepped(2, backbone);
      expect(parts.loss).toBeCloseTo(wanted, 5);
      toBeCloseTo(parts.weights, whole.weights, { absolute: 1e-6 });
      backbone.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('by the real command', { timeout: 180_000 }, () => {
  it.each(NAMES)('%s has a row by its name, of a saved head', async (baseline) => {
    const folder = join(root, baseline);
    const args = ['run', join(import.meta.dirname, 'interrupted-recipe.ts'), '--out', folder];
    const { code, stderr } = await longtail([
      ...args,
      '--set',
      `baseline=${baseline}`,
      'epochs=2',
      'headEpochs=1',
    ]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const { rows, protocol, options, stamps }: Results = JSON.parse(
      readFileSync(join(folder, 'results.json'), 'utf8'),
    );
    const isTwoStage = BASELINES[baseline].isTwoStage === true;
    const names = rows.map(({ classifier }) => classifier);
    expect(names).toEqual(
      isTwoStage ? ['joint', 'ncm', 'crt', 'tau', 'lws', baseline] : [baseline, 'ncm', 'crt', 'tau', 'lws'],
    );
    expect(options).toMatchObject({ ...BASELINES[baseline].options, baseline });
    expect(protocol!.loss).toBe(
      { mislas: 'cross-entropy, mixup 1', balpoe: 'logit-adjusted, 3 experts, mixup 0.4' }[
        baseline as string
      ] ?? options!.loss,
    );
    expect(stamps['instance-balanced']!.train.baseline).toBe(baseline);
    const [heads, features, answers] = await Promise.all(
      ['classifiers', 'features', 'predictions'].map((file) => readArrays(at(folder, file), { after: '' })),
    );
    const { data, shape } = heads!.float32(`${baseline}.weight`, [3, null]);
    const bias = heads!.arrays.has(`${baseline}.bias`)
      ? heads!.float32(`${baseline}.bias`, [3]).data
      : undefined;
    const seen = features!.float32('test.features', [9, shape[1]!]);
    const classes = tf.tidy(() => {
      const head = linearFrom(baseline, {
        weight: tf.tensor2d(data, [3, shape[1]!]),
        bias: bias && tf.tensor1d(bias),
      });
      return argmax(head.logits(tf.tensor2d(seen.data, [9, shape[1]!])).dataSync(), { numClasses: 3 });
    }) as never as Int32Array;
    expect([...classes]).toEqual([...answers!.int32(baseline, [9]).data]);
    if (isTwoStage) return;
    const joint = await loadJointHead(at(folder, 'representation'), { name: baseline });
    toBeCloseTo(joint.weights.get('weight')!.dataSync(), data, { absolute: 1e-6 });
    joint.dispose();
  });
});
