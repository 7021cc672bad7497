/** Builds residual networks from their table (architectures.ts). */
import { checkIntegers, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Architecture,
  type ArchitectureName,
  architectureOf,
  cifarArchitecture,
  wideArchitecture,
} from './architectures.ts';
import type { Backbone } from './backbone.ts';
import { BLOCKS, EXPANSION } from './blocks.ts';
import { MOST } from './checks.ts';
import { conv, convNorm, type Layer, normRelu } from './layers.ts';
import { backboneOf, stage } from './stages.ts';
import type { Variables } from './variables.ts';

const STEM_SIZE = { photo: 7, small: 3 };
/** Of the convolution, and of the pool behind it. */
const STEM_REDUCTION = { photo: [2, 4], small: [1, 1] } as const;
const maxPool: Layer = (x) => tf.maxPool(x, 3, 2, 1);

function stem(
  variables: Variables,
  { stem: kind, block, width, stemWidth = width }: Architecture,
  inputs: number,
): (() => Layer)[] {
  const size = { inputs, outputs: stemWidth, size: STEM_SIZE[kind], strides: STEM_REDUCTION[kind][0] };
  const first = () =>
    block === 'pre-activation'
      ? conv(variables, 'conv1', size)
      : convNorm(variables, { conv: 'conv1', norm: 'bn1' }, size);
  return kind === 'photo' ? [first, () => maxPool] : [first];
}

const reductionOf = ({ stem: kind }: Architecture, s: number): number => STEM_REDUCTION[kind][1] * 2 ** s;

/** The stages behind the stem, each with twice the channels of the one before. */
function body(variables: Variables, how: Architecture): Layer[] {
  const { block, layers, width, stemWidth = width } = how;
  const isPreActivation = block === 'pre-activation';
  let inputs = stemWidth;
  return layers.map((blocks, s) => {
    const planes = width * 2 ** s;
    const name = isPreActivation ? `block${s + 1}` : `layer${s + 1}`;
    const made = Array.from({ length: blocks }, (_, b) => () => {
      const path = isPreActivation ? `${name}.layer.${b}` : `${name}.${b}`;
      const size = { inputs, planes, strides: s > 0 && b === 0 ? 2 : 1 };
      inputs = planes * EXPANSION[block];
      return BLOCKS[block](variables, path, size, how);
    });
    const last = isPreActivation && s === layers.length - 1 ? [() => normRelu(variables, 'bn1', inputs)] : [];
    return stage(variables, { name, reduction: reductionOf(how, s) }, [...made, ...last]);
  });
}

/** Blocks side by side. */
function branches(variables: Variables, how: Architecture, inputs: number): Layer[] {
  const { block, branches: names = [] } = how;
  const size = { inputs, planes: inputs / EXPANSION[block], strides: 1 };
  const reduction = reductionOf(how, how.layers.length - 1);
  const made = names.map((name) =>
    stage(variables, { name, reduction }, [() => BLOCKS[block](variables, name, size, how)]),
  );
  if (made.length === 0) return [];
  return [
    (x, options) =>
      tf.concat(
        made.map((branch) => branch(x, options)),
        3,
      ),
  ];
}

/** Channels of what goes into the last stage, which branches are. */
function widthBefore({ branches: names = [], layers, width, stemWidth = width }: Architecture, last: number) {
  if (names.length > 0) return last;
  return layers.length > 1 ? last / 2 : stemWidth;
}

/**
 * A residual network with the graph, names and initial law of its PyTorch code. The feature is the mean over the last map:
 * the official code's 7x7 pool for pictures of 224 (193 to 224), torchvision's for any size.
 *
 * @param architecture a name of the table, or numbers of your own
 * @param options.seed of the initial weights
 * @param options.channels of the pictures
 * @throws InputError for an unknown name
 * @example
 * const backbone = resNet('resnext-50', { seed: 0 });
 * const features = backbone.features(images, { training: false }); // [N, 2048]
 * const narrow = resNet({ ...ARCHITECTURES['resnext-50'], name: 'narrow', width: 16 }, { seed: 0 });
 */
export function resNet(
  architecture: ArchitectureName | Architecture,
  options: { seed: number; channels?: number },
): Backbone {
  const { seed, channels = 3 } = checkOptions(options, { of: 'resNet' });
  checkIntegers({ channels }, { most: MOST });
  const how = architectureOf(architecture);
  const variables: Variables = { all: new Map(), stages: [], seed, fan: how.fan ?? 'out', forget: [] };
  const last = how.width * 2 ** (how.layers.length - 1) * EXPANSION[how.block];
  const layers = [
    stage(
      variables,
      { name: 'stem', reduction: STEM_REDUCTION[how.stem][0] },
      stem(variables, how, channels),
    ),
    ...body(variables, how),
    ...branches(variables, how, last),
  ];
  const through =
    (some: readonly Layer[]): Layer =>
    (images, options) =>
      some.reduce((x, layer) => layer(x, options), images);
  const featureDim = last * (how.branches?.length ?? 1);
  return backboneOf(variables, through(layers), {
    name: how.name,
    featureDim,
    before: { network: through(layers.slice(0, -1)), featureDim: widthBefore(how, last) },
    channels,
    smallest: STEM_SIZE[how.stem],
  });
}

/**
 * The ResNets of CIFAR (He et al. 2016, section 4.2): three stages, parameter-free shortcuts. Depth 32 is the "ResNet-32" of
 * CIFAR-LT (LDAM's code): 0.46 M weights.
 *
 * @param given.depth 6n + 2: 8, 14, 20, 32, 44, 56, ...
 * @param given.width channels of the first stage; the feature has 4 * width values
 * @throws InputError for another depth
 * @example
 * const backbone = cifarResNet({ depth: 32, seed: 0 });
 * const features = backbone.features(images, { training: false }); // [N, 64]
 */
export function cifarResNet(given: {
  depth?: number;
  width?: number;
  channels?: number;
  seed: number;
}): Backbone {
  const { depth = 32, width = 16, ...options } = checkOptions(given, { of: 'cifarResNet' });
  return resNet(cifarArchitecture(depth, { width }), options);
}

/**
 * Wide ResNets for CIFAR, without dropout.
 *
 * @param given.depth 6n + 4: 10, 16, 28, 40, ...
 * @param given.widen the channels' factor; the feature has 64 * widen values
 * @throws InputError for another depth
 */
export function wideResNet(given: {
  depth?: number;
  widen?: number;
  channels?: number;
  seed: number;
}): Backbone {
  const { depth = 28, widen = 10, ...options } = checkOptions(given, { of: 'wideResNet' });
  return resNet(wideArchitecture(depth, widen), options);
}
