/** Pictures: other sizes, crops, turns, warps, boxes; normalisation. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { indices, oneOf, shape, tensor, value, whole } from './arbitraries.ts';
import { type Draw, EXACT, type Row, SUMS, type Table, type Tolerance } from './case.ts';
import { runByName } from './run.ts';

const picture = (draw: Draw): number[] => draw(shape, { rank: 4, least: 1, most: 5 });
const size = (draw: Draw): [number, number] => [draw(whole, 1, 9), draw(whole, 1, 9)];

/** Where the picture is read from is computed in float32: the last places of up to seven. */
const PLACES: Tolerance = { absolute: 5e-5, relative: 1e-4 };

/** halfPixelCenters and alignCorners exclude each other. */
const corners = (draw: Draw): { alignCorners: boolean; halfPixelCenters: boolean } => {
  const which = draw(whole, 0, 2);
  return { alignCorners: which === 1, halfPixelCenters: which === 2 };
};

const resize: Row['cases'] = (draw) => ({
  inputs: { images: draw(tensor, picture(draw)) },
  attributes: { ...corners(draw), size: size(draw) },
});

const resizeGrad =
  ({ single = false } = {}): Row['cases'] =>
  (draw) => {
    const [drawn, h, w, c] = picture(draw) as [number, number, number, number];
    const n = single ? 1 : drawn;
    const images = [n, h, w, c];
    // With a single place aligned the cpu's search never ends.
    const alignCorners = Math.min(h, w) > 1 && draw(fc.boolean);
    return {
      inputs: { images: draw(tensor, images), dy: draw(tensor, [n, ...size(draw), c]) },
      attributes: { alignCorners, halfPixelCenters: false },
    };
  };

/** Scores differ from one another: of equal ones, any may come first. */
const boxes =
  (attributes: (draw: Draw) => Record<string, unknown>): Row['cases'] =>
  (draw) => {
    const n = draw(whole, 1, 6);
    const corner = () => draw(tensor, [n, 2], { low: 0, high: 2, halves: true }).values as number[];
    const [starts, sizes] = [corner(), corner()];
    const values = Array.from({ length: n }, (_, i) => {
      const [y, x] = [starts[2 * i]!, starts[2 * i + 1]!];
      return [y, x, y + sizes[2 * i]! + 0.5, x + sizes[2 * i + 1]! + 0.5];
    }).flat();
    const scores = Array.from({ length: n }, (_, i) => (i + 1) / 8);
    return {
      inputs: {
        boxes: { shape: [n, 4], dtype: 'float32', values },
        scores: {
          shape: [n],
          dtype: 'float32',
          values: draw(fc.shuffledSubarray<number>, scores, { minLength: n }),
        },
      },
      // No ratio of the boxes' areas, which are multiples of a quarter, is near it.
      attributes: {
        maxOutputSize: draw(whole, 1, 6),
        iouThreshold: 0.4321,
        scoreThreshold: draw(oneOf<number>, [0, 0.3]),
        ...attributes(draw),
      },
    };
  };

const window = (draw: Draw) => ({
  depthRadius: draw(whole, 1, 3),
  bias: draw(value, { low: 1, high: 2 }),
  alpha: draw(value, { low: 0.125, high: 1 }),
  beta: draw(value, { low: 0.25, high: 1 }),
});

/** Whether a place that a crop reads is so near an edge, or the middle of two, that rounding decides what it is. */
function meetsEdge(boxes: readonly number[], image: readonly number[], cropSize: readonly number[]): boolean {
  const rows = Array.from({ length: boxes.length / 4 }, (_, i) => boxes.slice(4 * i, 4 * i + 4));
  return rows.some((box) =>
    cropSize.some((count, axis) =>
      Array.from({ length: count }, (_, i) => {
        const share = count > 1 ? i / (count - 1) : 0.5;
        const twice = 2 * (image[axis + 1]! - 1) * (box[axis]! * (1 - share) + box[axis + 2]! * share);
        return image[axis + 1]! > 1 && Math.abs(twice - Math.round(twice)) < 1e-4;
      }).some(Boolean),
    ),
  );
}

export const PICTURES: Table = {
  [tf.ResizeBilinear]: { cases: resize, tolerance: PLACES },
  [tf.ResizeNearestNeighbor]: { cases: resize, tolerance: EXACT },
  // The cpu gives the shape [n, w, h, c] to a picture [n, h, w, c].
  [tf.ResizeBilinearGrad]: {
    cases: resizeGrad(),
    tolerance: PLACES,
    run: (inputs, attributes) => {
      const { images } = inputs as { images: tf.Tensor };
      return tf.reshape(runByName(tf.ResizeBilinearGrad, inputs, attributes), images.shape);
    },
  },
  // Of several pictures the cpu reads from places of the first.
  [tf.ResizeNearestNeighborGrad]: { cases: resizeGrad({ single: true }), tolerance: SUMS },
  [tf.CropAndResize]: {
    cases: (draw) => {
      const image = picture(draw);
      const n = draw(whole, 1, 3);
      const cropSize = size(draw);
      const drawn = draw(tensor, [n, 4], { low: -0.5, high: 1.5 });
      const boxes = { ...drawn, values: drawn.values.map((v) => Math.fround((v as number) + 0.0123)) };
      fc.pre(!meetsEdge(boxes.values, image, cropSize));
      return {
        inputs: { image: draw(tensor, image), boxes, boxInd: draw(indices, [n], image[0]!) },
        attributes: {
          cropSize,
          method: draw(oneOf<string>, ['bilinear', 'nearest']),
          extrapolationValue: draw(value),
        },
      };
    },
    tolerance: PLACES,
  },
  [tf.RotateWithOffset]: {
    cases: (draw) => ({
      inputs: { image: draw(tensor, picture(draw)) },
      attributes: {
        radians: draw(value),
        fillValue: draw(whole, 0, 2),
        center: draw(value, { low: 0, high: 1 }),
      },
    }),
    tolerance: PLACES,
  },
  [tf.Transform]: {
    cases: (draw) => {
      const image = picture(draw);
      return {
        inputs: {
          image: draw(tensor, image),
          transforms: draw(tensor, [draw(oneOf<number>, [1, image[0]!]), 8], { low: -1, high: 1 }),
        },
        attributes: {
          interpolation: draw(oneOf<string>, ['nearest', 'bilinear']),
          fillMode: draw(oneOf<string>, ['constant', 'reflect', 'wrap', 'nearest']),
          fillValue: draw(whole, 0, 2),
          outputShape: size(draw),
        },
      };
    },
    tolerance: PLACES,
  },
  [tf.NonMaxSuppressionV3]: { cases: boxes(() => ({})), tolerance: EXACT },
  [tf.NonMaxSuppressionV4]: {
    cases: boxes((draw) => ({ padToMaxOutputSize: draw(fc.boolean) })),
    tolerance: EXACT,
  },
  [tf.NonMaxSuppressionV5]: { cases: boxes((draw) => ({ softNmsSigma: draw(oneOf<number>, [0, 0.5]) })) },
  [tf.LRN]: {
    cases: (draw) => ({ inputs: { x: draw(tensor, picture(draw)) }, attributes: window(draw) }),
    tolerance: { absolute: 1e-5, relative: 1e-4 },
  },
  [tf.LRNGrad]: {
    cases: (draw) => {
      const x = picture(draw);
      return {
        inputs: { x: draw(tensor, x), y: draw(tensor, x), dy: draw(tensor, x) },
        attributes: window(draw),
      };
    },
    tolerance: SUMS,
  },
  [tf.FusedBatchNorm]: {
    cases: (draw) => {
      // tfjs makes four axes of any number.
      const x = picture(draw);
      const channels = draw(oneOf<number[]>, [x.slice(-1), x]);
      const some = () => (draw(fc.boolean) ? draw(tensor, channels) : undefined);
      return {
        inputs: {
          x: draw(tensor, x),
          scale: some(),
          offset: some(),
          mean: draw(tensor, channels),
          variance: draw(tensor, channels, { low: 0.125, high: 4 }),
        },
        attributes: { varianceEpsilon: draw(value, { low: 0.001, high: 0.5 }) },
      };
    },
    tolerance: { absolute: 1e-5, relative: 1e-4 },
  },
};
