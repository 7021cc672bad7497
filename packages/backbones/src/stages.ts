/** Layers as named stages, and stages as a backbone. */
import { InputError } from '@longtail/core';
import { checkpointed } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { type Backbone, checkStages } from './backbone.ts';
import { featureOptions } from './checks.ts';
import type { Layer } from './layers.ts';
import { checkPictures } from './pictures.ts';
import type { Reduced, Variables } from './variables.ts';

/** Makes a layer, and finds out which variables it added. */
function owning(variables: Variables, make: () => Layer): { layer: Layer; own: readonly tf.Variable[] } {
  const before = variables.all.size;
  const layer = make();
  return { layer, own: [...variables.all.values()].slice(before) };
}

/** A stage's layers one behind the other: whatever variables they add are its own. */
export function stage(
  variables: Variables,
  { name, reduction }: { name: string } & Reduced,
  makes: readonly (() => Layer)[],
): Layer {
  const isFirst = variables.stages.length === 0;
  const layers = makes.map((make) => owning(variables, make));
  const own = layers.flatMap((layer) => layer.own);
  variables.stages.push({
    name,
    reduction,
    trainable: own.filter((variable) => variable.trainable),
    statistics: own.filter((variable) => !variable.trainable),
  });
  return (images, { training, frozen, checkpointed: again }) => {
    const options = { training: training && !frozen?.includes(name) };
    return layers.reduce((x, { layer, own: used }, i) => {
      if (!again?.includes(name)) return layer(x, options);
      // Pictures need no gradient, which would cost as much as the filter's.
      if (isFirst && i === 0) return checkpointed(() => layer(x, options), [], used);
      return checkpointed((y: tf.Tensor4D) => layer(y, options), [x], used);
    }, images);
  };
}

/** Before the first running statistic moves. @throws InputError when a stage that trains would see one value a channel */
function checkBatch(
  { shape: [n, height, width] }: tf.Tensor4D,
  stages: Variables['stages'],
  frozen: readonly string[],
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

const meanOverPlaces = (map: tf.Tensor): tf.Tensor2D => tf.mean(map, [1, 2]);

/**
 * @param network from pictures to a map, whose mean over all places is the feature
 * @param options.before what goes into its last stage
 */
export function backboneOf(
  { all, stages, forget }: Variables,
  network: Layer,
  {
    name,
    featureDim,
    before,
    ...pictures
  }: {
    name: string;
    featureDim: number;
    before: { network: Layer; featureDim: number };
    channels: number;
    smallest: number;
  },
): Backbone {
  return {
    name,
    featureDim,
    weights: all,
    stages,
    features(images, options) {
      checkPictures(images, { name, ...pictures });
      const how = featureOptions(options);
      const { training, frozen, checkpointed: again } = how;
      checkStages({ name, stages }, [...frozen, ...again]);
      if (training) checkBatch(images, stages, frozen);
      return tf.tidy(() => meanOverPlaces(network(images, how)));
    },
    penultimate: {
      featureDim: before.featureDim,
      features(images) {
        checkPictures(images, { name, ...pictures });
        return tf.tidy(() => meanOverPlaces(before.network(images, { training: false })));
      },
    },
    dispose() {
      for (const drop of forget) drop();
      for (const variable of all.values()) if (!variable.isDisposed) variable.dispose();
    },
  };
}
