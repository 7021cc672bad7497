/** Every loss by its name, on every backend; and a run that is told of one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveHandles } from '@longtail/backend-torch';
import { loadEngine } from '@longtail/engine';
import { normal } from '@longtail/kernels';
import { tensorflowFolders, toBeCloseTo, torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { lossNames } from '../src/loss-names.ts';
import { findLoss, lossKey } from '../src/losses.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-losses-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COUNTS = Int32Array.of(5000, 900, 120, 20, 19, 5);
const [N, C] = [16, COUNTS.length];
const EPOCHS = 10;

/** Values and gradients of a loss before and after its epochs of change, on small and on large logits. */
async function compute(name: string): Promise<Float32Array[]> {
  const { default: make } = await findLoss(name);
  const loss = make(COUNTS, { epochs: EPOCHS, seed: 0 });
  const found: Float32Array[] = [];
  for (const epoch of [0, EPOCHS - 1])
    for (const deviation of [1, 1e3])
      tf.tidy(() => {
        const labels = tf.tensor1d(
          Int32Array.from({ length: N }, (_, i) => i % C),
          'int32',
        );
        const z = normal([N, C], { seed: 1, deviation });
        const features = tf.relu(normal([N, 7], { seed: 2 })) as tf.Tensor2D;
        const run = (at: tf.Tensor) => loss(at as tf.Tensor2D, labels, { epoch, step: 3, features });
        const { value, grad } = tf.valueAndGrad(run)(z);
        found.push(value.dataSync<'float32'>(), grad.dataSync<'float32'>());
      });
  return found;
}

async function onBackend(backend: string): Promise<Record<string, Float32Array[]>> {
  await tf.setBackend(backend);
  const found: Record<string, Float32Array[]> = {};
  for (const name of lossNames) {
    const held = () => [tf.memory().numTensors, liveHandles()];
    const before = held();
    found[name] = await compute(name);
    expect(held(), `tensors and handles after ${name}`).toEqual(before);
  }
  return found;
}

// What is not here is said by these.
const backends = [
  'wasm' as const,
  ...(torchLibrary() ? ['torch' as const] : []),
  ...(tensorflowFolders() ? ['tensorflow' as const] : []),
];
/** Divides by 0.001 and multiplies by 1000: one rounding of a probability, 6e-8, becomes this. */
const ROUNDING: Readonly<Record<string, number>> = { 'influence-balanced': 0.06 };

describe('every loss', () => {
  it.each(backends)('is on %s what it is on the cpu', async (backend) => {
    await loadEngine({ backend, device: 'cpu' });
    const [expected, actual] = [await onBackend('cpu'), await onBackend(backend)];
    // Sums of 96 float32 terms in another order, and exponentials of other libraries.
    for (const name of lossNames)
      for (const [i, values] of actual[name]!.entries())
        toBeCloseTo(values, expected[name]![i]!, { absolute: ROUNDING[name] ?? 1e-6, relative: 2e-5 });
  });
});

describe('findLoss', () => {
  it('takes the path of a module, which may ask for cosines', async () => {
    const own = join(folder, 'own.ts');
    writeFileSync(
      own,
      "export const logits = 'cosine';\nexport default (counts) => (logits) => logits.sum().mul(counts.length);\n",
    );
    const found = await findLoss(own);
    await loadEngine({ backend: 'wasm' });
    const [logits, labels] = [tf.ones<tf.Rank.R2>([1, 2]), tf.tensor1d([0], 'int32')];
    const value = found.default(COUNTS, { epochs: 1, seed: 0 })(logits, labels, { epoch: 0 });
    expect([found.logits, value.dataSync()[0]]).toEqual(['cosine', 12]);
    tf.dispose([logits, labels, value]);
    expect(lossKey('focal')).toBe('focal');
    expect(lossKey('own.ts')).toBe(join(process.cwd(), 'own.ts'));
  });

  it('refuses what is neither', async () => {
    await expect(findLoss('focall')).rejects.toThrow(/a loss is one of cross-entropy, .*but got "focall"/);
    const empty = join(folder, 'empty.ts');
    writeFileSync(empty, 'export const nothing = 0;\n');
    await expect(findLoss(empty)).rejects.toThrow(
      /expected a function .* as the default export of .*empty.ts/,
    );
  });
});

describe('a run', { timeout: 300_000 }, () => {
  const set = ['epochs=2', 'imagesPerEpoch=96', 'headEpochs=1', 'samplers=instance-balanced'];
  const demo = (loss: string, out: string) =>
    longtail(['run', 'demo', '--json', '--out', join(folder, out), '--set', ...set, `loss=${loss}`]);

  it('takes a loss, names it, and does not go on with another', async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const ldam = await demo('ldam-drw', 'ldam');
    expect([ldam.code, ldam.stderr]).toEqual([0, expect.any(String)]);
    const { protocol, options, rows } = JSON.parse(ldam.stdout);
    expect([protocol.loss, options.loss, rows.length]).toEqual(['ldam-drw', 'ldam-drw', 5]);
    expect(readFileSync(join(folder, 'ldam/report.html'), 'utf8')).toContain('loss ldam-drw');
    const other = await demo('focal', 'ldam');
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/holds a run with loss=ldam-drw, but loss=focal was asked for; .*--fresh/);
    const unknown = await demo('focall', 'ldam');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/a loss is one of .*but got "focall"/),
    ]);
  });

  it("takes a loss of one's own, with step and features", async (context) => {
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const own = join(folder, 'seen.ts');
    const log = join(folder, 'seen.txt');
    writeFileSync(
      own,
      `import { appendFileSync } from 'node:fs';
export default (counts, { epochs, seed }) => (logits, labels, { epoch, step, features }) => {
  appendFileSync(${JSON.stringify(log)}, [counts.length, epochs, seed, epoch, step, features.shape[0], labels.size].join() + '\\n');
  return logits.square().mean();
};
`,
    );
    const out = join(folder, 'own');
    const ended = await longtail(['train', 'demo', '--out', out, '--set', ...set, `loss=${own}`]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).options.loss).toBe(own);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    const called = ([epoch, step]: number[], pictures: number) =>
      [36, 2, 0, epoch, step, pictures, pictures].join();
    const check = [
      [0, 0],
      [1, 3],
    ].map((at) => called(at, 8)); // the first epoch and the last, on a few pictures
    const run = [0, 1, 2, 3, 4, 5].map((step) => called([Math.floor(step / 3), step], 32));
    expect(lines).toEqual([...check, ...run]);
  });
});
