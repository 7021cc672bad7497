/** The parts of a vision transformer as named stages, run one behind the other. */
import { checkpointed } from '@longtail/optim';
import type * as tf from '@tensorflow/tfjs-core';
import type { Stage } from '../backbone.ts';
import type { Embed } from './embed.ts';
import type { Weights } from './layers.ts';

/** Tokens of all pictures in, [N T, D]; tokens, class tokens or features out. */
export type TokenLayer = (x: tf.Tensor2D, options: { pictures: number }) => tf.Tensor2D;

export interface Staged<L> {
  readonly stage: Stage;
  readonly layer: L;
}

/** A stage: whatever variables its layer adds as it is made are its own. */
export function staged<L>({ all }: Weights, name: string, make: () => L): Staged<L> {
  const before = all.size;
  const layer = make();
  return { layer, stage: { name, trainable: [...all.values()].slice(before), statistics: [] } };
}

/** @param again names of stages of which only the input is kept for the backward pass, where they run once more */
export function throughStages(
  images: tf.Tensor4D,
  first: Staged<Embed>,
  others: readonly Staged<TokenLayer>[],
  { again }: { again: readonly string[] },
): tf.Tensor2D {
  const options = { pictures: images.shape[0] };
  // Pictures need no gradient.
  const tokens = again.includes(first.stage.name)
    ? checkpointed(() => first.layer(images), [], first.stage.trainable)
    : first.layer(images);
  return others.reduce((x, { layer, stage: { name, trainable } }) => {
    const next = again.includes(name)
      ? checkpointed((y: tf.Tensor2D) => layer(y, options), [x], trainable)
      : layer(x, options);
    x.dispose(); // as soon as the next stage has read it
    return next;
  }, tokens);
}
