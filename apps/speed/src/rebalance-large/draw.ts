/** Features at ImageNet-LT's size, in NumPy's files: 1000 classes of 1280 to 5 rows, 2048 numbers each. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { encodeNpy } from '@longtail/formats';
import { normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

const [CLASSES, DIM, LATENT] = [1000, 2048, 128];

/** Classes about centres in few dimensions, seen through random neurons: wide features, as a network's, of which few directions matter. */
function draw(labels: Int32Array, key: string): Float32Array {
  const values = new Float32Array(labels.length * DIM);
  const fixed = tf.tidy(() => [
    tf.keep(normal([CLASSES, LATENT], { seed: 0, keys: ['centres'], deviation: 0.4 })),
    tf.keep(normal([LATENT, DIM], { seed: 0, keys: ['neurons'], deviation: 1 / Math.sqrt(LATENT) })),
  ]) as [tf.Tensor2D, tf.Tensor2D];
  for (let start = 0; start < labels.length; start += 4096)
    tf.tidy(() => {
      const own = labels.slice(start, start + 4096);
      const noise = normal([own.length, LATENT], { seed: 0, keys: [key, start] });
      const latent = tf.add(tf.gather(fixed[0], tf.tensor1d(own, 'int32')), noise) as tf.Tensor2D;
      values.set(tf.relu(tf.matMul(latent, fixed[1])).dataSync<'float32'>(), start * DIM);
    });
  tf.dispose(fixed);
  return values;
}

export interface Files {
  readonly features: string;
  readonly labels: string;
}

/**
 * Draws training and test rows.
 *
 * @param share of the rows of each class, 5 at least
 */
export async function drawFiles(folder: string, share: number): Promise<{ train: Files; test: Files }> {
  await loadEngine({ backend: 'torch', install: false });
  const write = (name: string, counts: readonly number[]): Files => {
    const rows = Int32Array.from(counts.flatMap((n, c) => Array<number>(n).fill(c)));
    const own = random(0, name).shuffle(rows);
    const [features, labels] = [join(folder, `${name}.npy`), join(folder, `${name}-labels.npy`)];
    writeFileSync(features, encodeNpy({ shape: [own.length, DIM], data: draw(own, name) }));
    writeFileSync(labels, encodeNpy({ shape: [own.length], data: own }));
    return { features, labels };
  };
  // 1280 to 5 rows, 121,447 in all.
  const counts = Array.from({ length: CLASSES }, (_, c) =>
    Math.max(5, Math.round(share * 1280 * (5 / 1280) ** ((c / (CLASSES - 1)) ** 0.64))),
  );
  const test = counts.map(() => Math.max(2, Math.round(share * 20)));
  return { train: write('train', counts), test: write('test', test) };
}
