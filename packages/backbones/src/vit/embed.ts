/**
 * Pictures as tokens (Dosovitskiy et al., 2021, equation 1): a linear layer of each patch, which is a convolution whose stride
 * is its size, behind a class token; every token has its position added. Registers come between, without a position.
 */
import { conv2dGeneral } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { VitArchitecture } from './architectures.ts';
import { type Interpolation, shares } from './bicubic.ts';
import { norm, variable, type Weights } from './layers.ts';

/** Rows and columns of patches. */
type Grid = readonly [number, number];

/** Pictures [N, H, W, 3] to tokens [N T, D]. */
export type Embed = (images: tf.Tensor4D) => tf.Tensor2D;

/** Positions of a grid for another one, as resizePositions does it, but differentiable: [1, P, D] to [1, Q, D]. */
function resized(positions: tf.Tensor, from: Grid, to: Grid, how: Interpolation): tf.Tensor {
  const [rows, columns] = to.map((count, axis) => shares(from[axis]!, count, how)) as [
    Float64Array[],
    Float64Array[],
  ];
  const values = rows.flatMap((row) => columns.map((column) => [row, column] as const));
  const matrix = new Float32Array(values.length * from[0] * from[1]);
  let at = 0;
  for (const [row, column] of values)
    for (const share of row) for (const other of column) matrix[at++] = share * other;
  const [, count, width] = positions.shape as [number, number, number];
  const product = tf.matMul(
    tf.tensor2d(matrix, [values.length, count]),
    tf.reshape(positions, [count, width]),
  );
  return tf.reshape(product, [1, -1, width]);
}

/**
 * @param options.grid of patches that the positions are of
 * @param options.resize how positions are made for another grid
 */
export function embed(
  weights: Weights,
  architecture: VitArchitecture,
  { grid, resize = {} }: { grid: Grid; resize?: Interpolation | undefined },
): Embed {
  const { patch, width, patchBias, preNorm, registers } = architecture;
  const row = (name: string, count: number): tf.Variable<tf.Rank.R3> =>
    variable(weights, name, { shape: [1, count, width], start: 'normal' });
  const classToken = row('cls_token', 1);
  const others = registers ? [row('reg_token', registers)] : [];
  const positions = row('pos_embed', grid[0] * grid[1] + (registers ? 0 : 1));
  const filter = variable<tf.Rank.R4>(weights, 'patch_embed.proj.weight', {
    shape: [patch, patch, 3, width],
    start: 'normal',
  });
  const bias = patchBias && variable(weights, 'patch_embed.proj.bias', { shape: [width], start: 0 });
  const before = preNorm ? norm(weights, 'norm_pre', architecture) : (x: tf.Tensor2D) => x;
  const isOwn = ([rows, columns]: Grid): boolean => rows === grid[0] && columns === grid[1];
  return (images) =>
    tf.tidy(() => {
      const [n, height, length] = images.shape;
      const here: Grid = [height / patch, length / patch];
      const projected = conv2dGeneral(images, filter, { strides: patch });
      const [ofClass, ofGrid] = registers
        ? [classToken, positions]
        : [tf.add(classToken, tf.slice(positions, [0, 0, 0], [1, 1, width])), tf.slice(positions, [0, 1, 0])];
      const ofPatches = isOwn(here) ? ofGrid : resized(ofGrid, grid, here, resize);
      // The bias joins the positions, so that the patches are read once for both.
      const shift = bias ? tf.add(ofPatches, bias) : ofPatches;
      const tokens = tf.add(tf.reshape(projected, [n, -1, width]), shift);
      // Repeated by a sum, whose gradient is one sum; tfjs's of tile is a slice a picture.
      const first = [ofClass, ...others].map((x) => tf.add(x, tf.zeros([n, 1, 1])));
      return before(tf.reshape(tf.concat([...first, tokens], 1), [-1, width]));
    });
}
