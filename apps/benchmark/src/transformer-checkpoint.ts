/** A vision transformer's weights in somebody's file, whoever's names they have, and a transformer for them. */
import {
  type Backbone,
  type Interpolation,
  loadWeights,
  pictureSizeOf,
  timmNames,
  toTimmNames,
  VIT_ARCHITECTURES,
  type VitName,
  vit,
} from '@longtail/backbones';
import type { NamedArrays } from '@longtail/formats';

export const isTransformerName = (name: string): name is VitName => Object.hasOwn(VIT_ARCHITECTURES, name);
export const isTransformer = ({ weights }: Backbone): boolean => weights.has('patch_embed.proj.weight');

/** How positions are made for pictures of another size, by the code that the weights are of. */
const resizeOf = (name: VitName): Interpolation =>
  /^dino/.test(name) && !/registers$/.test(name) ? { antialias: false, offset: 0.1 } : {};

/**
 * For pictures of any size, with its positions those of the file.
 *
 * @returns with the size of pictures that they are of
 * @throws DataError for a file of something else
 */
export function transformerFor(
  name: VitName,
  arrays: NamedArrays,
  prefix?: string,
): { backbone: Backbone; pictureSize: string } {
  const found = toTimmNames(arrays, prefix === undefined ? {} : { prefix });
  const { patch, projection } = VIT_ARCHITECTURES[name];
  const pictureSize = pictureSizeOf(found, { patch });
  const backbone = vit(name, {
    seed: 0,
    pictureSize,
    resize: resizeOf(name),
    // A CLIP without its projection is taken as well; where its place is a classifier's, that is one.
    projection: projection !== undefined && found.get('head.weight')?.shape[0] === projection,
  });
  return { backbone, pictureSize: `${pictureSize} x ${pictureSize}` };
}

/** What both names begin with, whole parts of them: `module.vit.`. */
function common(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, a.lastIndexOf('.', end - 1) + 1);
}

/** @returns what stands before the names, and all that is not the backbone's, by the file's own names */
export function loadTransformer(
  backbone: Backbone,
  arrays: NamedArrays,
  prefix?: string,
): { prefix: string; rest: NamedArrays } {
  const options = prefix === undefined ? {} : { prefix };
  loadWeights(backbone, toTimmNames(arrays, options));
  const isOwn = (name: string): boolean =>
    name === 'proj'
      ? backbone.weights.has('head.weight')
      : !name.startsWith('head.') || backbone.weights.has(name);
  const own = [...timmNames([...arrays.keys()], options)].flatMap(([given, name]) =>
    isOwn(name) ? [given] : [],
  );
  return {
    prefix: own.reduce(common),
    rest: new Map([...arrays].filter(([name]) => !own.includes(name))),
  };
}
