/** What does not fit is refused with a typed error, and never ends the process: it is tried in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { liveHandles } from '../src/index.ts';
import { library } from './both.ts';
import { MISFITS, type Outcome } from './misfits.ts';

describe.skipIf(!library)('what does not fit is refused, and leaves nothing behind', () => {
  const outcomes = new Map<string, Outcome>();
  let ended = '';
  beforeAll(async () => {
    // Freed memory is overwritten, so that a read beyond a tensor shows.
    const env = { ...process.env, MALLOC_PERTURB_: '165' };
    const program = [join(import.meta.dirname, 'misfits.ts'), library!];
    const { stdout, ...end } = await promisify(execFile)(process.execPath, program, { env }).catch(
      (crash: { stdout: string; code: number; signal: string }) => crash,
    );
    ended = JSON.stringify({ ...end, stderr: undefined });
    for (const line of stdout.trim().split('\n')) {
      const one = JSON.parse(line) as Outcome;
      outcomes.set(one.name, one);
    }
  });
  it.each(MISFITS)('$name', ({ name, expected: [type, words] }) => {
    const found = outcomes.get(name) ?? `the process ended: ${ended}`;
    expect(found).toEqual({
      name,
      error: type,
      message: expect.stringMatching(words),
      leftHandles: 0,
      leftTensors: 0,
    });
  });
});

describe.skipIf(!library)('a tensor that is gone', () => {
  const gone = () => {
    const x = tf.ones([2, 2]);
    x.dispose();
    return x;
  };
  it.each<[string, () => unknown]>([
    ['an operation', () => tf.relu(gone())],
    ['a kernel', () => tf.engine().runKernel('Relu', { x: gone() })],
    ['a read', () => gone().dataSync()],
    ['a read of the backend', () => tf.backend().readSync(gone().dataId)],
    ['a gradient’s input', () => tf.grad((x) => tf.sum(tf.square(x)))(gone())],
  ])('is refused in %s', async (_, run) => {
    await tf.setBackend('torch');
    const before = [liveHandles(), tf.memory().numTensors];
    expect(() => tf.tidy(() => void run())).toThrow(/dispose/);
    expect([liveHandles(), tf.memory().numTensors]).toEqual(before);
  });

  it('is refused in a gradient that wants it after the forward pass', async () => {
    await tf.setBackend('torch');
    const run = () =>
      tf.tidy(() => {
        const lost = tf.ones([2]);
        const custom = tf.customGrad((x) => ({
          value: tf.square(x as tf.Tensor),
          gradFunc: (dy) => {
            lost.dispose();
            return tf.mul(dy, tf.engine().runKernel('Relu', { x: lost }) as tf.Tensor);
          },
        }));
        tf.grad((x) => tf.sum(custom(x)))(tf.ones([2]));
      });
    expect(run).toThrow(EngineError);
    expect(run).toThrow('this tensor is disposed');
  });
});

describe.skipIf(!library)('a tensor of another backend', () => {
  it('moves over when an operation wants it, and back', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, -2, 3]);
    await tf.setBackend('torch');
    const before = liveHandles();
    const y = tf.relu(x);
    expect([...y.dataSync()]).toEqual([1, 0, 3]);
    await tf.setBackend('cpu');
    const z = tf.neg(y);
    toBeCloseTo(z.dataSync() as Float32Array, [-1, 0, -3], { absolute: 0, relative: 0 });
    await tf.setBackend('torch');
    tf.dispose([x, y, z]);
    expect(liveHandles()).toBe(before);
  });
});
