import { conv2dGeneral, normal, sparseCrossEntropy } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { engineStatus, findTensorflow, loadEngine, verifyEngine } from '../src/index.ts';

afterEach(() => vi.unstubAllEnvs());

describe('loadEngine', () => {
  it('takes torch where it is, and says which', async (context) => {
    const library = torchLibrary();
    if (!library) context.skip('no libtorch here');
    const engine = await loadEngine();
    expect(engine).toMatchObject({ backend: 'torch', device: 'cpu' });
    expect(engine.version).toMatch(/^2\.\d+\.\d+$/);
    expect(engine.note).toBeUndefined();
    expect([...engine.tf.add([1, 2], [3, 4]).dataSync()]).toEqual([4, 6]);
  });

  it.each(['torch', null, 1])(
    'refuses %j for its options, which would pass for the defaults',
    async (options) => {
      await expect(loadEngine(options as never)).rejects.toThrow(
        'the options of loadEngine must be an object, but it is',
      );
    },
  );

  it('falls back to wasm with the reason, and a convolutional network trains there', async () => {
    vi.stubEnv('LONGTAIL_TORCH', '');
    vi.stubEnv('LONGTAIL_CACHE', '/nowhere');
    vi.stubEnv('PATH', '');
    const engine = await loadEngine();
    expect(engine.backend).toBe('wasm');
    expect(engine.note).toMatch(
      /libtorch is not used.*nothing is installed.*run "npx @longtail\/engine install"/,
    );
    const filter = tf.variable(normal([3, 3, 1, 2], { seed: 0 })) as tf.Variable<tf.Rank.R4>;
    const images = normal([8, 6, 6, 1], { seed: 1 }) as tf.Tensor4D;
    const labels = tf.tensor1d([0, 1, 0, 1, 0, 1, 0, 1], 'int32');
    const optimizer = sgd([filter]);
    const loss = () =>
      tf.mean(
        sparseCrossEntropy(
          tf.mean(tf.relu(conv2dGeneral(images, filter, { padding: 1, strides: 2 })), [1, 2]),
          labels,
        ),
      ) as tf.Scalar;
    const losses = Array.from(
      { length: 20 },
      () => optimizer.minimize(loss, { learningRate: 0.1 }).dataSync()[0]!,
    );
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.02);
  });

  it('refuses what is unknown, and torch by name where there is none', async () => {
    await expect(loadEngine({ backend: 'cuda' as 'torch' })).rejects.toThrow(
      'must be one of auto, torch, tensorflow, wasm, but it is "cuda"',
    );
    await expect(loadEngine({ device: 'tpu' as 'cpu' })).rejects.toThrow(
      'must be one of auto, cpu, gpu, but it is "tpu"',
    );
    await expect(loadEngine({ backend: 'wasm', device: 'gpu' })).rejects.toThrow(
      'wasm runs on the CPU alone',
    );
    vi.stubEnv('LONGTAIL_TORCH', '/nowhere');
    vi.stubEnv('LONGTAIL_CACHE', '/nowhere');
    vi.stubEnv('PATH', '');
    await expect(loadEngine({ backend: 'torch' })).rejects.toThrow(
      'LONGTAIL_TORCH is /nowhere, but there is no libtorch_cpu in it',
    );
    await expect(loadEngine({ backend: 'tensorflow' })).rejects.toThrow(
      'TensorFlow was not found (nothing is installed in the cache); run "npx @longtail/engine install tensorflow"',
    );
    expect(await engineStatus()).toMatchObject({
      backend: 'wasm',
      library: null,
      tensorflow: null,
      cache: '/nowhere',
    });
  });

  it('loads TensorFlow where it is, in a process of its own', async (context) => {
    const found = findTensorflow();
    if (typeof found === 'string') return context.skip(`no TensorFlow here: ${found}`);
    const { version } = await verifyEngine('tensorflow', [found.library, found.javascript]);
    expect(version).toBe(found.version);
  });
});
