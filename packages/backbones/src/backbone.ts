/** The contract of every backbone: pictures in, features out; weights under their PyTorch names. */
import { checkOptions, InputError } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import { checkNames, checkStaged } from './checks.ts';

/** A group of layers that can be trained or frozen as one (the paper's Table 1). */
export interface Stage {
  readonly name: string;
  readonly trainable: readonly tf.Variable[];
  /** The running means and variances of its batch norms. */
  readonly statistics: readonly tf.Variable[];
}

export interface FeatureOptions {
  /** true: batch statistics, and the running ones move; false: the running ones are used. */
  readonly training: boolean;
  /**
   * Names of stages whose running statistics are used and stay as they are while the others train; default none. Their
   * weights stay if they are not among the optimizer's: `trainable(backbone, { stages })`.
   */
  readonly frozen?: readonly string[];
  /**
   * Names of stages that are computed again in the backward pass, block by block, and until then keep only what goes into each
   * block: less memory for one more forward pass, and the same gradients. Default none. Pictures get no gradient through a
   * first stage that is named.
   */
  readonly checkpointed?: readonly string[];
}

/** Features of an earlier layer, at inference. */
export interface EarlierFeatures {
  /** The length of a feature. */
  readonly featureDim: number;
  /** As {@link Backbone.features} with `training: false`. */
  features(images: tf.Tensor4D): tf.Tensor2D;
}

export interface Backbone {
  readonly name: string;
  /** D, the length of a feature. */
  readonly featureDim: number;
  /**
   * f(x), differentiable in every trainable variable whatever the options. What is kept from call to call at inference
   * follows the weights: the same weights give the same features.
   *
   * @param images float32, normalised, shape [N, H, W, C], N >= 1
   * @returns features, shape [N, D]
   * @throws InputError for pictures of another type, rank, size or number of channels, and for an unknown stage
   */
  features(images: tf.Tensor4D, options: FeatureOptions): tf.Tensor2D;
  /**
   * The input of the last stage of convolutions, or of a transformer's last block, pooled as the features are: the mean over all
   * places, or the class token. Nothing is normalised that the network does not normalise there. Absent: the backbone has no such layer.
   */
  readonly penultimate?: EarlierFeatures;
  /** Everything a checkpoint keeps, by PyTorch's name; filters lie HWIO, as tfjs wants them. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /** From the input to the features; each variable of `weights` is in one of them. */
  readonly stages: readonly Stage[];
  /** Frees the weights and what was kept; a second call does nothing. */
  dispose(): void;
}

/** @throws InputError when a name is not one of the backbone's stages */
export function checkStages(backbone: Pick<Backbone, 'name' | 'stages'>, names: readonly string[]): void {
  checkStaged(backbone);
  checkNames({ 'the names of stages': names });
  const { name, stages } = backbone;
  const known = stages.map((stage) => stage.name);
  for (const stage of names)
    if (!known.includes(stage))
      throw new InputError(`${name} has the stages ${known.join(', ')}, but "${stage}" was named.`, {
        stage,
        known,
      });
}

/**
 * The trainable variables of all stages, or of those named.
 *
 * @throws InputError when a name is not one of the backbone's stages
 * @example
 * trainable(backbone, { stages: ['layer4'] }); // the last block, as in the paper's Table 1
 */
export function trainable(
  backbone: Pick<Backbone, 'name' | 'stages'>,
  options: { stages?: readonly string[] } = {},
): tf.Variable[] {
  const { stages } = checkOptions(options, { of: 'trainable' });
  checkStages(backbone, stages ?? []);
  return backbone.stages
    .filter((stage) => !stages || stages.includes(stage.name))
    .flatMap((stage) => stage.trainable);
}
