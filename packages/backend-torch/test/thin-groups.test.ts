/** dW of thin groups, which are taken together, beside each group's convolution by itself. */
import { conv2dGeneral, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { liveHandles } from '../src/index.ts';
import { groupsTogether } from '../src/kernels/thin-groups.ts';
import { cpuHas } from '../src/onednn.ts';
import { library } from './both.ts';

type T4 = tf.Tensor4D;
interface Sizes {
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly strides?: number;
  readonly padding?: readonly [number, number, number, number];
  readonly together: number;
}

const SIZES: Sizes[] = [
  { groups: 8, inputs: 4, outputs: 4, together: 4 },
  { groups: 6, inputs: 4, outputs: 5, together: 3 },
  { groups: 6, inputs: 5, outputs: 4, together: 3 },
  { groups: 4, inputs: 8, outputs: 8, padding: [0, 2, 1, 0], together: 2 },
  { groups: 3, inputs: 8, outputs: 8, together: 1 },
  { groups: 4, inputs: 8, outputs: 8, strides: 2, together: 1 },
  { groups: 4, inputs: 3, outputs: 4, together: 1 },
  { groups: 4, inputs: 16, outputs: 16, together: 1 },
  { groups: 4, inputs: 4, outputs: 32, together: 1 },
  { groups: 4, inputs: 8, outputs: 1, together: 1 },
];

const shareOf = (x: tf.Tensor, group: number, groups: number): T4 => tf.split(x, groups, 3)[group] as T4;

describe.skipIf(!library)('groups thinner than a vector', () => {
  beforeAll(() => tf.setBackend('torch').then(() => undefined));

  it.each(SIZES)('$groups groups of $inputs -> $outputs, stride $strides', (sizes) => {
    const { groups, inputs, outputs, strides = 1, padding = [1, 1, 1, 1], together } = sizes;
    const how = { groups, strides: [strides, strides], padding: [], dilations: [1, 1] };
    if (cpuHas('avx512f')) expect(groupsTogether(how, [3, 3, inputs, groups * outputs])).toBe(together);
    const before = liveHandles();
    tf.tidy(() => {
      const x = normal([2, 7, 6, groups * inputs], { seed: 1 }) as T4;
      const filter = normal([3, 3, inputs, groups * outputs], { seed: 2 }) as T4;
      const run = (shares: number) => (f: tf.Tensor, pictures: tf.Tensor) =>
        conv2dGeneral(pictures as T4, f as T4, { strides, padding, groups: shares });
      const dy = normal(run(groups)(filter, x).shape, { seed: 3 });
      const [dw] = tf.grads(run(groups))([filter, x], dy);
      const alone = Array.from({ length: groups }, (_, g) => {
        const [one] = tf.grads(run(1))(
          [shareOf(filter, g, groups), shareOf(x, g, groups)],
          shareOf(dy, g, groups),
        );
        return one!;
      });
      // Sums of 84 products in float32, in another order.
      const distance = tf.max(tf.abs(tf.sub(dw!, tf.concat(alone, 3)))).dataSync()[0]!;
      expect(distance).toBeLessThan(2e-5);
      expect(dw!.shape).toEqual(filter.shape);
    });
    expect(liveHandles()).toBe(before);
  });
});
