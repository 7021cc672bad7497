/**
 * Pictures as tokens (Dosovitskiy et al., 2021, equation 1): a linear layer of each patch, which is a convolution whose stride
 * is its size, behind a class token; every token has its position added. Registers come between, without a position.
 */
import { conv2dGeneral } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { VitArchitecture } from './architectures.ts';
import { norm, variable, type Weights } from './layers.ts';

/** Pictures [N, H, W, 3] to tokens [N T, D]. */
export type Embed = (images: tf.Tensor4D) => tf.Tensor2D;

/** @param patches how many there are in a picture */
export function embed(weights: Weights, architecture: VitArchitecture, patches: number): Embed {
  const { patch, width, patchBias, preNorm, registers } = architecture;
  const row = (name: string, count: number): tf.Variable<tf.Rank.R3> =>
    variable(weights, name, { shape: [1, count, width], start: 'normal' });
  const classToken = row('cls_token', 1);
  const others = registers ? [row('reg_token', registers)] : [];
  const positions = row('pos_embed', patches + (registers ? 0 : 1));
  const filter = variable<tf.Rank.R4>(weights, 'patch_embed.proj.weight', {
    shape: [patch, patch, 3, width],
    start: 'normal',
  });
  const bias = patchBias && variable(weights, 'patch_embed.proj.bias', { shape: [width], start: 0 });
  const before = preNorm ? norm(weights, 'norm_pre', architecture) : (x: tf.Tensor2D) => x;
  return (images) =>
    tf.tidy(() => {
      const [n] = images.shape;
      const projected = conv2dGeneral(images, filter, { strides: patch });
      const [ofClass, ofPatches] = registers
        ? [classToken, positions]
        : [tf.add(classToken, tf.slice(positions, [0, 0, 0], [1, 1, width])), tf.slice(positions, [0, 1, 0])];
      // The bias joins the positions, so that the patches are read once for both.
      const shift = bias ? tf.add(ofPatches, bias) : ofPatches;
      const tokens = tf.add(tf.reshape(projected, [n, patches, width]), shift);
      // Repeated by a sum, whose gradient is one sum; tfjs's of tile is a slice a picture.
      const first = [ofClass, ...others].map((x) => tf.add(x, tf.zeros([n, 1, 1])));
      return before(tf.reshape(tf.concat([...first, tokens], 1), [-1, width]));
    });
}
