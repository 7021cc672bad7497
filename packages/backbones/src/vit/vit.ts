/** Vision transformers as backbones: the feature is the class token behind the last layer normalisation. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Backbone, checkStages, type Stage } from '../backbone.ts';
import { VIT_ARCHITECTURES, type VitArchitecture, type VitName } from './architectures.ts';
import { type Block, block } from './block.ts';
import { embed } from './embed.ts';
import { type PictureSize, patchGrid, sidesOf } from './grid.ts';
import { dense, norm, type Weights } from './layers.ts';

function architectureOf(given: VitName | VitArchitecture): VitArchitecture {
  const found = typeof given === 'string' ? VIT_ARCHITECTURES[given] : given;
  if (found) return found;
  throw new InputError(
    `expected one of ${Object.keys(VIT_ARCHITECTURES).join(', ')} or a row of such a table, but "${given}" was asked for.`,
    { given },
  );
}

function expectPictures(name: string, { shape, dtype }: tf.Tensor, size: readonly number[]): void {
  if (dtype !== 'float32' || shape.length !== 4 || !tf.util.arraysEqual(shape.slice(1), [...size, 3]))
    throw new InputError(
      `${name} was made for float32 pictures [N, ${size.join(', ')}, 3], but got ${dtype} [${shape}]; give it that pictureSize, or resize them.`,
      { shape, pictureSize: size },
    );
  if (shape[0] === 0)
    throw new InputError(`${name} needs a batch of at least one picture, but got [${shape}].`, { shape });
}

/** embed, block0, block1, ..., and head: the last normalisation and the projection. */
function stagesOf(weights: ReadonlyMap<string, tf.Variable>, depth: number): Stage[] {
  const of = (key: string): string => {
    const inside = /^blocks\.(\d+)\./.exec(key);
    if (inside) return `block${inside[1]}`;
    return /^(norm|head)\./.test(key) ? 'head' : 'embed';
  };
  const names = ['embed', ...Array.from({ length: depth }, (_, i) => `block${i}`), 'head'];
  return names.map((name) => ({
    name,
    trainable: [...weights].flatMap(([key, variable]) => (of(key) === name ? [variable] : [])),
    statistics: [],
  }));
}

/** The last blocks' class tokens; each block's tokens are freed as soon as the next has read them. */
function throughBlocks(tokens: tf.Tensor2D, blocks: readonly Block[], pictures: number): tf.Tensor2D {
  return blocks.reduce((x, run, i) => {
    const next = run(x, { pictures, toClassTokens: i === blocks.length - 1 });
    x.dispose();
    return next;
  }, tokens);
}

/**
 * A vision transformer, with timm's names of weights; see {@link toTimmNames} for other files. It has no dropout and no statistics
 * of a batch: in training and in inference it is the same function, and a picture's feature does not depend on the others.
 *
 * @param given a name, or a row of one's own: `{ ...VIT_ARCHITECTURES['vit-s/16'], depth: 6 }`
 * @param options.seed of the initial weights
 * @param options.pictureSize side in pixels, or [height, width], multiples of the patch: its pictures have this size
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
  {
    seed,
    pictureSize = 224,
    projection = true,
    epsilon,
  }: { seed: number; pictureSize?: PictureSize; projection?: boolean; epsilon?: number },
): Backbone {
  const architecture = { ...architectureOf(given), ...(epsilon !== undefined && { epsilon }) };
  const name = typeof given === 'string' ? given : 'vit';
  const [rows, columns] = patchGrid(pictureSize, architecture.patch);
  const weights: Weights = { all: new Map(), seed };
  const { width, depth } = architecture;
  const toTokens = embed(weights, architecture, rows * columns);
  const blocks = Array.from({ length: depth }, (_, i) => block(weights, `blocks.${i}`, architecture));
  const last = norm(weights, 'norm', architecture);
  const outputs = projection ? architecture.projection : undefined;
  const project = outputs ? dense(weights, 'head', { inputs: width, outputs, hasBias: false }) : undefined;
  const stages = stagesOf(weights.all, depth);
  return {
    name,
    featureDim: outputs ?? width,
    weights: weights.all,
    stages,
    features: (images, { frozen = [] }) => {
      expectPictures(name, images, sidesOf(pictureSize));
      checkStages({ name, stages }, frozen);
      return tf.tidy(() => {
        const pooled = last(throughBlocks(toTokens(images), blocks, images.shape[0]));
        return project ? project(pooled) : pooled;
      });
    },
    dispose() {
      for (const variable of weights.all.values()) if (!variable.isDisposed) variable.dispose();
    },
  };
}
