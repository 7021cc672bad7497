/** Every architecture on libtorch: PyTorch's own features from the same weights (packages/backbones/test/golden/resnets.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARCHITECTURES, type ArchitectureName, loadWeights, resNet, trainable } from '@longtail/backbones';
import { loadEngine } from '@longtail/engine';
import { drawn, drawnWeight, toBeCloseTo, torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

interface Sample {
  readonly norm: number;
  readonly values: readonly number[];
}
interface Golden {
  /** Height and width of the pictures. */
  readonly size: number;
  readonly parameters: number;
  readonly inference: Sample;
  readonly training: Sample;
  /** At 75 x 61. */
  readonly odd?: Sample;
  /** A running mean after the pass in training. */
  readonly moved: Sample & { readonly name: string };
}
const path = join(import.meta.dirname, '../../../packages/backbones/test/golden/resnets.json');
const golden: Readonly<Record<ArchitectureName, Golden>> = JSON.parse(readFileSync(path, 'utf8'));

const pictures = (height: number, width: number): tf.Tensor4D =>
  tf.tensor4d(drawn('pictures', 2 * height * width * 3, [-2, 2]), [2, height, width, 3]);

function expectSample(found: ArrayLike<number>, { norm, values }: Sample, relative: number): void {
  const step = Math.floor(found.length / values.length);
  toBeCloseTo(
    values.map((_, i) => found[i * step]!),
    values,
    { relative },
  );
  const squares = Array.from(found, (x) => x * x).reduce((sum, x) => sum + x, 0);
  expect(Math.abs(Math.sqrt(squares) / norm - 1)).toBeLessThan(relative);
}

describe.skipIf(!torchLibrary())('backbones on libtorch', () => {
  beforeAll(async () => void (await loadEngine({ backend: 'torch' })));

  it.each(Object.keys(ARCHITECTURES) as ArchitectureName[])(
    '%s',
    (name) => {
      const { size, parameters, inference, training, odd, moved } = golden[name];
      const backbone = resNet(name, { seed: 0 });
      expect(trainable(backbone).reduce((sum, variable) => sum + variable.size, 0)).toBe(parameters);
      const weights = [...backbone.weights].map(([key, { shape: own }]) => {
        const shape = own.length === 4 ? [own[3]!, own[2]!, own[0]!, own[1]!] : own;
        return [key, { shape, data: drawnWeight(key, shape) }] as const;
      });
      loadWeights(backbone, new Map(weights));
      const features = (height: number, width: number, options: { training: boolean }) =>
        tf.tidy(() => backbone.features(pictures(height, width), options).dataSync());
      expectSample(features(size, size, { training: false }), inference, 1e-4);
      if (odd) expectSample(features(75, 61, { training: false }), odd, 1e-4);
      expectSample(features(size, size, { training: true }), training, 1e-4);
      expectSample(backbone.weights.get(moved.name)!.dataSync(), moved, 1e-4);
      backbone.dispose();
    },
    120_000,
  );
});
