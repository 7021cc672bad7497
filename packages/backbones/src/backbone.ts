/** The contract of every backbone: pictures in, features out; weights under their PyTorch names. */
import type * as tf from '@tensorflow/tfjs-core';

/** A group of layers that can be trained or frozen as one (the paper's Table 1). */
export interface Stage {
  readonly name: string;
  readonly trainable: readonly tf.Variable[];
}

export interface Backbone {
  readonly name: string;
  /** D, the length of a feature. */
  readonly featureDim: number;
  /**
   * f(x).
   *
   * @param images float32, normalised, shape [N, H, W, C]
   * @param options.training true: batch statistics, and the running ones move; false: the running ones are used
   * @returns features, shape [N, D]
   */
  features(images: tf.Tensor4D, options: { training: boolean }): tf.Tensor2D;
  /** Everything a checkpoint keeps, by PyTorch's name; filters lie HWIO, as tfjs wants them. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /** From the input to the features. */
  readonly stages: readonly Stage[];
  dispose(): void;
}

/** The trainable variables of all stages, or of those named. */
export function trainable(
  backbone: Backbone,
  { stages }: { stages?: readonly string[] } = {},
): tf.Variable[] {
  return backbone.stages
    .filter((stage) => !stages || stages.includes(stage.name))
    .flatMap((stage) => stage.trainable);
}
