/** Layers as named stages, and stages as a backbone. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Backbone, checkStages } from './backbone.ts';
import type { Layer } from './layers.ts';
import { checkPictures } from './pictures.ts';
import type { Reduced, Variables } from './variables.ts';

/** A stage's layers one behind the other: whatever variables `make` adds are its own. */
export function stage(
  variables: Variables,
  { name, reduction }: { name: string } & Reduced,
  make: () => readonly Layer[],
): Layer {
  const before = variables.all.size;
  const layers = make();
  const own = [...variables.all.values()].slice(before);
  variables.stages.push({
    name,
    reduction,
    trainable: own.filter((variable) => variable.trainable),
    statistics: own.filter((variable) => !variable.trainable),
  });
  return (x, { training, frozen }) => {
    const options = { training: training && !frozen?.includes(name) };
    return layers.reduce((y, layer) => layer(y, options), x);
  };
}

/** Before the first running statistic moves. @throws InputError when a stage that trains would see one value a channel */
function checkBatch(
  { shape: [n, height, width] }: tf.Tensor4D,
  stages: Variables['stages'],
  frozen: readonly string[] = [],
): void {
  for (const { name, reduction } of stages) {
    if (frozen.includes(name) || n * Math.ceil(height / reduction) * Math.ceil(width / reduction) > 1)
      continue;
    throw new InputError(
      `a batch norm of ${name} sees a single value a channel in one picture of ${height} x ${width}, whose variance is unknown; train on a larger batch.`,
      { stage: name, height, width },
    );
  }
}

/** @param network from pictures to a map, whose mean over all places is the feature */
export function backboneOf(
  { all, stages, forget }: Variables,
  network: Layer,
  { name, featureDim, ...pictures }: { name: string; featureDim: number; channels: number; smallest: number },
): Backbone {
  return {
    name,
    featureDim,
    weights: all,
    stages,
    features(images, options) {
      checkPictures(images, { name, ...pictures });
      checkStages({ name, stages }, options.frozen ?? []);
      if (options.training) checkBatch(images, stages, options.frozen);
      return tf.tidy(() => tf.mean(network(images, options), [1, 2]) as tf.Tensor2D);
    },
    dispose() {
      for (const drop of forget) drop();
      for (const variable of all.values()) if (!variable.isDisposed) variable.dispose();
    },
  };
}
