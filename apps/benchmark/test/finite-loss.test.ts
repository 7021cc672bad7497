/** A loss or a weight that is no finite number stops a run at that step, and costs nothing that is saved. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadEngine } from '@longtail/engine';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { allFinite, expectFiniteEpoch, NotFiniteError } from '../src/finite-loss.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-not-finite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tfjs = pathToFileURL(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'));

/** Cross-entropy, but for one step: what `strange` makes of it there. */
function lossModule(name: string, { at, strange }: { at: number; strange: string }): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import * as tf from '${tfjs}';
    const mean = (logits, labels) => tf.neg(tf.mean(tf.sum(tf.mul(
      tf.logSoftmax(logits), tf.oneHot(labels, logits.shape[1])), 1)));
    export default () => (logits, labels, { step }) => {
      const loss = mean(logits, labels);
      return step === ${at} && process.env.LONGTAIL_TEST_LOSS !== 'mended' ? ${strange} : loss;
    };`,
  );
  return path;
}

/** Five steps an epoch. */
const train = (out: string, loss: string, command = 'train') =>
  longtail([
    ...[command, 'demo', '--out', join(folder, out), '--set', 'epochs=3', 'imagesPerEpoch=160'],
    ...['samplers=class-balanced', `loss=${loss}`],
  ]);
const fileOf = (out: string, name: string) => join(folder, out, 'class-balanced', name);
const stepOf = (out: string) => JSON.parse(readFileSync(fileOf(out, 'not-finite.json'), 'utf8'));
const epochOf = (out: string): number => {
  const bytes = readFileSync(fileOf(out, 'representation.safetensors'));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return JSON.parse(header.__metadata__.training).epoch;
};

describe('a run whose loss is no finite number', { timeout: 120_000 }, () => {
  it('stops at that step with epoch, step, rate and pictures, and keeps the last whole epoch', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const loss = lossModule('nan', { at: 7, strange: 'tf.mul(loss, Number.NaN)' });
    const ended = await train('nan', loss, 'run');
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim().split('\n').at(-1)).toMatch(
      /expected a finite loss from class-balanced, but it is NaN in epoch 2, step 7, at learning rate [\d.]+; the step's pictures are in .*not-finite\.json/,
    );
    const { epoch, step, learningRate, loss: value, positions, labels } = stepOf('nan');
    expect([epoch, step, value, positions.length, labels.length]).toEqual([2, 7, 'NaN', 32, 32]);
    expect(learningRate).toBeGreaterThan(0);
    expect(new Set(positions).size).toBeGreaterThan(1);
    expect(epochOf('nan')).toBe(1);
  });

  it('does not save weights that the last step of an epoch has spoilt', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const strange = 'tf.add(loss, tf.sqrt(tf.mul(tf.sum(logits), 0)))'; // 0, and its slope is 0 times infinity
    const ended = await train('weights', lossModule('weights', { at: 9, strange }));
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('in epoch 2, step 9')]);
    expect(ended.stderr).toContain('a weight is not after a step whose loss is');
    expect(epochOf('weights')).toBe(1);
  });

  it('goes on where it is mended, and forgets the step', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    process.env.LONGTAIL_TEST_LOSS = 'mended'; // the module stays as it is: another one would be another run
    const ended = await train('nan', join(folder, 'nan.ts')).finally(() => {
      delete process.env.LONGTAIL_TEST_LOSS;
    });
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(epochOf('nan')).toBe(3);
    expect(existsSync(fileOf('nan', 'not-finite.json'))).toBe(false);
  });
});

describe('finite numbers', () => {
  it('are told from others among many weights, and no tensor is left', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch here');
    await loadEngine({ backend: 'torch' });
    const good = tf.variable(
      tf.tensor2d([
        [1, -3e38],
        [3e38, 0],
      ]),
    ); // their sum of squares is beyond float32
    const before = tf.memory().numTensors;
    for (const [value, expected] of [
      [3e38, true],
      [Number.NaN, false],
      [Number.POSITIVE_INFINITY, false],
    ] as const) {
      const other = tf.tidy(() => tf.variable(tf.tensor1d([0, value])));
      expect(allFinite([good, other])).toBe(expected);
      other.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
    good.dispose();
  });

  it('are asked of stage 2, too', () => {
    expectFiniteEpoch(0.5, { head: 'crt', epoch: 0 });
    expect(() => expectFiniteEpoch(Number.NaN, { head: 'crt', epoch: 2 })).toThrow(NotFiniteError);
    expect(() => expectFiniteEpoch(Number.NaN, { head: 'crt', epoch: 2 })).toThrow(/crt.*NaN in epoch 3/);
  });
});
