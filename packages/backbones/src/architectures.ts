/**
 * The residual networks as data. ResNet: He et al., CVPR 2016 (tables 1 and 6); ResNeXt 32x4d: Xie et al., CVPR 2017;
 * BBN: Zhou et al., CVPR 2020; Wide ResNet: Zagoruyko and Komodakis, BMVC 2016. resnet.ts builds them.
 */
import {
  checkIntegers,
  checkLists,
  checkObjects,
  checkOneOf,
  checkOptions,
  checkStrings,
  InputError,
} from '@longtail/core';
import { checkNames, MOST } from './checks.ts';

export interface Architecture {
  readonly name: string;
  /** Two 3x3 convolutions; 1x1, 3x3, 1x1 to four times the channels; two 3x3 with the batch norms before them. */
  readonly block: 'basic' | 'bottleneck' | 'pre-activation';
  /** Blocks of each stage; from the second on a stage halves the places and doubles the channels. */
  readonly layers: readonly number[];
  /** Channels of the first stage (a bottleneck's inner ones, before `groups`). */
  readonly width: number;
  /** 'photo': 7x7 at stride 2, then a max pool of 3x3 at stride 2. 'small': 3x3. */
  readonly stem: 'photo' | 'small';
  /** Channels of the stem; default `width`. */
  readonly stemWidth?: number;
  /** Of a bottleneck's 3x3 convolution; default 1. */
  readonly groups?: number;
  /** Channels a group where `width` is 64; default 64. */
  readonly widthPerGroup?: number;
  /** Where the shape changes. 'projection', the default: 1x1 convolution and batch norm (option B). 'padding': zeros (option A). */
  readonly shortcut?: 'projection' | 'padding';
  /** Which convolution of a bottleneck takes the stride; default '3x3'. */
  readonly strideIn?: '3x3' | '1x1';
  /** Blocks side by side on the last stage's output, whose features stand one behind the other. */
  readonly branches?: readonly string[];
  /** Filters begin as normal(0, sqrt(2 / (k k C))), C the outputs ('out', the default) or inputs ('in'). */
  readonly fan?: 'in' | 'out';
}

type Depth<D extends number> = `${D}`;
export type ArchitectureName =
  | `resnet-${Depth<10 | 18 | 34 | 50 | 101 | 152>}`
  | 'resnet-152-caffe'
  | `resnext-${Depth<50 | 101 | 152>}`
  | `cifar-resnet-${Depth<20 | 32 | 44 | 56 | 110>}`
  | 'bbn-resnet-32'
  | `wide-resnet-${'16-8' | '28-2' | '28-10' | '40-2'}`;

type Given = Pick<Architecture, 'name' | 'block' | 'layers'> & Partial<Architecture>;
const photo = (given: Given): Architecture => ({ width: 64, stem: 'photo', ...given });
const resNeXt = (given: Omit<Given, 'block'>): Architecture =>
  photo({ ...given, block: 'bottleneck', groups: 32, widthPerGroup: 4 });

/** A whole number of blocks a stage. @throws InputError for another depth */
function blocksOf(
  kind: string,
  depth: number,
  { plus, examples }: { plus: number; examples: string },
): number {
  checkIntegers({ depth }, { most: MOST });
  const blocks = (depth - plus) / 6;
  if (Number.isInteger(blocks) && blocks >= 1) return blocks;
  throw new InputError(
    `a ${kind} has a depth of 6n + ${plus} (${examples}, ...), but ${depth} was asked for.`,
    { depth },
  );
}

/** Option A's shortcuts, three stages of 16, 32, 64 channels, filters as LDAM's code begins them. */
export function cifarArchitecture(depth: number, options: { width?: number } = {}): Architecture {
  const { width = 16 } = checkOptions(options, { of: 'cifarArchitecture' });
  checkIntegers({ width }, { most: MOST });
  const blocks = blocksOf('CIFAR ResNet', depth, { plus: 2, examples: '8, 14, 20, 32' });
  const layers = [blocks, blocks, blocks];
  const name = `cifar-resnet-${depth}`;
  return { name, block: 'basic', layers, width, stem: 'small', shortcut: 'padding', fan: 'in' };
}

/** Without dropout. */
export function wideArchitecture(depth: number, widen: number): Architecture {
  const blocks = blocksOf('Wide ResNet', depth, { plus: 4, examples: '10, 16, 28, 40' });
  checkIntegers({ widen }, { most: MOST / 64 });
  const layers = [blocks, blocks, blocks];
  const name = `wide-resnet-${depth}-${widen}`;
  return { name, block: 'pre-activation', layers, width: 16 * widen, stem: 'small', stemWidth: 16 };
}

const ALL: readonly Architecture[] = [
  photo({ name: 'resnet-10', block: 'basic', layers: [1, 1, 1, 1] }),
  photo({ name: 'resnet-18', block: 'basic', layers: [2, 2, 2, 2] }),
  photo({ name: 'resnet-34', block: 'basic', layers: [3, 4, 6, 3] }),
  photo({ name: 'resnet-50', block: 'bottleneck', layers: [3, 4, 6, 3] }),
  photo({ name: 'resnet-101', block: 'bottleneck', layers: [3, 4, 23, 3] }),
  photo({ name: 'resnet-152', block: 'bottleneck', layers: [3, 8, 36, 3] }),
  photo({ name: 'resnet-152-caffe', block: 'bottleneck', layers: [3, 8, 36, 3], strideIn: '1x1' }),
  resNeXt({ name: 'resnext-50', layers: [3, 4, 6, 3] }),
  resNeXt({ name: 'resnext-101', layers: [3, 4, 23, 3] }),
  resNeXt({ name: 'resnext-152', layers: [3, 8, 36, 3] }),
  ...[20, 32, 44, 56, 110].map((depth) => cifarArchitecture(depth)),
  { ...cifarArchitecture(32), name: 'bbn-resnet-32', layers: [5, 5, 4], branches: ['cb_block', 'rb_block'] },
  wideArchitecture(16, 8),
  wideArchitecture(28, 2),
  wideArchitecture(28, 10),
  wideArchitecture(40, 2),
];

/** Every named architecture; one of your own is the same with other numbers. */
export const ARCHITECTURES: Readonly<Record<ArchitectureName, Architecture>> = Object.fromEntries(
  ALL.map((architecture) => [architecture.name, architecture]),
) as Record<ArchitectureName, Architecture>;

/** @throws InputError naming the known ones, or what is wrong with the numbers */
export function architectureOf(given: ArchitectureName | Architecture): Architecture {
  if (typeof given !== 'string') return checked(given);
  if (Object.hasOwn(ARCHITECTURES, given)) return ARCHITECTURES[given];
  throw new InputError(
    `expected one of the architectures ${Object.keys(ARCHITECTURES).join(', ')}, but got "${given}".`,
    { name: given },
  );
}

/** Each number by its name, and what is chosen among a few. */
function checked(given: Architecture): Architecture {
  checkObjects({ 'an architecture': given });
  const { name, block, layers, width, stem, stemWidth = width, groups = 1, widthPerGroup = 64 } = given;
  checkStrings({ name });
  checkOneOf({ block }, ['basic', 'bottleneck', 'pre-activation']);
  checkOneOf({ stem }, ['photo', 'small']);
  checkOneOf({ shortcut: given.shortcut ?? 'projection' }, ['projection', 'padding']);
  checkOneOf({ strideIn: given.strideIn ?? '3x3' }, ['3x3', '1x1']);
  checkOneOf({ fan: given.fan ?? 'out' }, ['in', 'out']);
  checkNames({ branches: given.branches ?? [] });
  checkLists({ layers });
  const counts = Object.fromEntries([...layers].map((blocks, i) => [`layers[${i}]`, blocks]));
  checkIntegers({ ...counts, width, stemWidth, groups, widthPerGroup }, { most: MOST });
  if (layers.length === 0 || layers.length > 8)
    throw new InputError(`${name} needs 1 to 8 stages, but its layers are [${layers}].`, { layers });
  if (block === 'bottleneck' && width * widthPerGroup < 64)
    throw new InputError(
      `${name} has no channel a group at width ${width} and widthPerGroup ${widthPerGroup}; their product must be 64 at least.`,
      { width, widthPerGroup },
    );
  return given;
}
