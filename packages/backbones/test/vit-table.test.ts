/** The transformers by their names: whole ones, which every backend would count alike. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainable, vit } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

describe('the table', () => {
  it.each([
    // timm's counts for the same names, without their classifiers and mask tokens
    ['vit-s/16', 224, 21_665_664],
    ['dinov2-vit-s/14', 518, 22_056_192],
  ] as const)('%s of %i pixels has as many weights as the original', (name, pictureSize, count) => {
    const backbone = vit(name, { seed: 0, pictureSize });
    expect(trainable(backbone).reduce((sum, variable) => sum + variable.size, 0)).toBe(count);
    expect(backbone.featureDim).toBe(384);
    backbone.dispose();
  });

  it('says what there is where a name is unknown', () => {
    expect(() => vit('vit-g/14' as never, { seed: 0 })).toThrow(InputError);
    expect(() => vit('vit-g/14' as never, { seed: 0 })).toThrow('expected one of vit-s/8, vit-s/16');
  });

  it('refuses a size that is no multiple of the patch', () => {
    expect(() => vit('vit-s/16', { seed: 0, pictureSize: 40 })).toThrow(
      "multiples of the patch's 16 pixels, but got 40 x 40",
    );
    expect(() => vit('vit-s/16', { seed: 0, pictureSize: [16, 0] })).toThrow(InputError);
  });
});
