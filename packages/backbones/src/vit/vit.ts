/** Vision transformers as backbones: the feature is the class token behind the last layer normalisation. */
import { checkNumbers, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Backbone, checkStages } from '../backbone.ts';
import { checkFlags, featureOptions } from '../checks.ts';
import type { VitArchitecture, VitName } from './architectures.ts';
import { checkInterpolation, type Interpolation } from './bicubic.ts';
import { block, classTokens } from './block.ts';
import { vitArchitectureOf } from './check-architecture.ts';
import { embed } from './embed.ts';
import { type PictureSize, patchGrid, sidesOf } from './grid.ts';
import { dense, norm, type Weights } from './layers.ts';
import { expectPictures } from './pictures.ts';
import { staged, type TokenLayer, throughStages } from './stages.ts';

/** The last normalisation and, of CLIP, the projection. */
function featureOf(weights: Weights, { width, projection, ...how }: VitArchitecture): TokenLayer {
  const last = norm(weights, 'norm', { width, ...how });
  if (!projection) return last;
  const project = dense(weights, 'head', { inputs: width, outputs: projection, hasBias: false });
  return (x) => project(last(x));
}

/**
 * A vision transformer, with timm's names of weights; see {@link toTimmNames} for other files. It has no dropout and no statistics
 * of a batch: in training and in inference it is the same function, and a picture's feature does not depend on the others.
 *
 * @param given a name, or a row of one's own: `{ ...VIT_ARCHITECTURES['vit-s/16'], depth: 6 }`
 * @param options.seed of the initial weights
 * @param options.pictureSize side in pixels, or [height, width], multiples of the patch: its pictures have this size
 * @param options.resize takes pictures of other sizes, too, and resizes the positions for them at each call: `{}` as timm does
 * @param options.projection false: CLIP's feature before its projection
 * @param options.epsilon of the layer normalisations where a file's differs from the table's (Hugging Face's ViTModel: 1e-12)
 * @throws InputError for an unknown name, or sides that are no multiples of the patch
 * @example
 * const backbone = vit('clip-vit-b/16', { seed: 0 });
 * loadWeights(backbone, toTimmNames(arrays));
 * const features = backbone.features(images, { training: false }); // [N, 512]
 */
export function vit(
  given: VitName | VitArchitecture,
  options: {
    seed: number;
    pictureSize?: PictureSize;
    projection?: boolean;
    epsilon?: number;
    resize?: Interpolation;
  },
): Backbone {
  const {
    seed,
    pictureSize = 224,
    projection = true,
    epsilon,
    resize,
  } = checkOptions(options, { of: 'vit' });
  checkFlags({ projection });
  checkNumbers({ epsilon: epsilon ?? 0 }, { least: 0 });
  if (resize !== undefined) checkInterpolation(resize);
  const row = vitArchitectureOf(given);
  const architecture = {
    ...row,
    projection: projection ? row.projection : undefined,
    epsilon: epsilon ?? row.epsilon,
  };
  const name = typeof given === 'string' ? given : 'vit';
  const grid = patchGrid(pictureSize, row.patch);
  const weights: Weights = { all: new Map(), seed };
  const first = staged(weights, 'embed', () => embed(weights, architecture, { grid, resize }));
  const others = Array.from({ length: row.depth }, (_, i) =>
    staged(weights, `block${i}`, (): TokenLayer => {
      const run = block(weights, `blocks.${i}`, architecture);
      return (x, options) => run(x, { ...options, toClassTokens: i === row.depth - 1 });
    }),
  );
  others.push(staged(weights, 'head', () => featureOf(weights, architecture)));
  const pictures = { size: sidesOf(pictureSize), patch: row.patch, isFixed: resize === undefined };
  const stages = [first, ...others].map(({ stage }) => stage);
  return {
    name,
    featureDim: architecture.projection ?? row.width,
    weights: weights.all,
    stages,
    penultimate: {
      featureDim: row.width,
      features(images) {
        expectPictures(name, images, pictures);
        const before = others.slice(0, row.depth - 1);
        return tf.tidy(() =>
          classTokens(throughStages(images, first, before, { again: [] }), images.shape[0]),
        );
      },
    },
    features: (images, options) => {
      expectPictures(name, images, pictures);
      const { frozen, checkpointed: again } = featureOptions(options);
      checkStages({ name, stages }, [...frozen, ...again]);
      return tf.tidy(() => throughStages(images, first, others, { again }));
    },
    dispose() {
      for (const variable of weights.all.values()) if (!variable.isDisposed) variable.dispose();
    },
  };
}
