/**
 * The ResNets of CIFAR (He et al. 2016, section 4.2): depth 6n + 2, three stages of n basic blocks with 16, 32, 64
 * channels, parameter-free shortcuts (option A). Depth 32 is the "ResNet-32" of CIFAR-LT (LDAM's code): 0.46 M weights.
 */
import { InputError } from '@longtail/core';
import '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, Stage } from './backbone.ts';
import { convNormRelu, type Layer, type Weights } from './layers.ts';

/** Option A: every second place, and zeros for the new channels, half before and half behind. */
function shortcut(x: tf.Tensor4D, outputs: number): tf.Tensor4D {
  const [n, height, width, inputs] = x.shape;
  const places = tf.stridedSlice(x, [0, 0, 0, 0], [n, height, width, inputs], [1, 2, 2, 1]) as tf.Tensor4D;
  const more = (outputs - inputs) / 2;
  return tf.pad4d(places, [
    [0, 0],
    [0, 0],
    [0, 0],
    [more, more],
  ]);
}

function basicBlock(
  weights: Weights,
  name: string,
  { inputs, outputs, strides }: { inputs: number; outputs: number; strides: number },
): Layer {
  const layer = (i: 1 | 2, sizes: { inputs: number; outputs: number; strides?: number }) =>
    convNormRelu(weights, { conv: `${name}.conv${i}`, norm: `${name}.bn${i}` }, sizes);
  const first = layer(1, { inputs, outputs, strides });
  const second = layer(2, { inputs: outputs, outputs });
  return (x, options) =>
    second(first(x, options), { ...options, residual: strides === 1 ? x : shortcut(x, outputs) });
}

/**
 * @param options.depth 6n + 2: 8, 14, 20, 32, 44, 56, ...
 * @param options.width channels of the first stage; the feature has 4 * width values
 * @param options.seed of the initial weights
 * @throws InputError for another depth
 * @example
 * const backbone = cifarResNet({ depth: 32, seed: 0 });
 * const features = backbone.features(images, { training: false }); // [N, 64]
 */
export function cifarResNet({
  depth = 32,
  width = 16,
  channels = 3,
  seed,
}: {
  depth?: number;
  width?: number;
  channels?: number;
  seed: number;
}): Backbone {
  const blocks = (depth - 2) / 6;
  if (!Number.isInteger(blocks) || blocks < 1)
    throw new InputError(
      `a CIFAR ResNet has a depth of 6n + 2 (8, 14, 20, 32, ...), but ${depth} was asked for.`,
      { depth },
    );
  const weights: Weights = { all: new Map(), seed };
  const stem = convNormRelu(weights, { conv: 'conv1', norm: 'bn1' }, { inputs: channels, outputs: width });
  const layers = [1, 2, 3].map((stage) =>
    Array.from({ length: blocks }, (_, i) => {
      const outputs = width * 2 ** (stage - 1);
      const down = stage > 1 && i === 0;
      return basicBlock(weights, `layer${stage}.${i}`, {
        inputs: down ? outputs / 2 : outputs,
        outputs,
        strides: down ? 2 : 1,
      });
    }),
  );
  return {
    name: `resnet-${depth}`,
    featureDim: 4 * width,
    weights: weights.all,
    stages: stagesOf(weights.all),
    features: (images, options) =>
      tf.tidy(() => {
        const last = [stem, ...layers.flat()].reduce((x, layer) => layer(x, options), images);
        return tf.mean(last, [1, 2]) as tf.Tensor2D;
      }),
    dispose() {
      for (const variable of weights.all.values()) variable.dispose();
    },
  };
}

function stagesOf(weights: ReadonlyMap<string, tf.Variable>): Stage[] {
  return ['stem', 'layer1', 'layer2', 'layer3'].map((name) => ({
    name,
    trainable: [...weights].flatMap(([key, variable]) =>
      variable.trainable && (key.startsWith('layer') ? key.startsWith(`${name}.`) : name === 'stem')
        ? [variable]
        : [],
    ),
  }));
}
