/** Position embeddings for pictures of another size: interpolated over the grid of patches. */
import { checkIntegers, checkOptions, DataError } from '@longtail/core';
import { float32Of, type NamedArray, type NamedArrays } from '@longtail/formats';
import { checkArrays, MOST } from '../checks.ts';
import { checkInterpolation, type Interpolation, shares } from './bicubic.ts';
import { type PictureSize, patchGrid } from './grid.ts';

export interface ResizeOptions extends Interpolation {
  /** Side in pixels, or [height, width]: multiples of the patch. */
  readonly pictureSize: PictureSize;
}

/** rows(new) x [outer, from, inner] along the middle axis. */
function mixed(values: ArrayLike<number>, rows: readonly Float64Array[], inner: number): Float64Array {
  const from = rows[0]!.length;
  const outer = values.length / from / inner;
  const result = new Float64Array(outer * rows.length * inner);
  for (let o = 0; o < outer; o++)
    rows.forEach((row, to) => {
      const target = (o * rows.length + to) * inner;
      row.forEach((share, place) => {
        const source = (o * from + place) * inner;
        if (share !== 0) for (let i = 0; i < inner; i++) result[target + i]! += share * values[source + i]!;
      });
    });
  return result;
}

/** A square grid, and the tokens before it that have no place in it. */
function gridOf({ shape }: NamedArray): { side: number; before: number } {
  const tokens = shape.at(-2) ?? 0;
  for (const before of [1, 0]) {
    const side = Math.sqrt(tokens - before);
    if (Number.isInteger(side) && side > 0) return { side, before };
  }
  throw new DataError(
    `expected "pos_embed" of a square grid of patches, with a class token or without, but its shape is [${shape}].`,
  );
}

function found(arrays: NamedArrays, name: string): NamedArray {
  const array = arrays.get(name);
  if (array) return array;
  const finding = `expected "${name}" among the weights, but it is missing`;
  throw new DataError(`${finding}; see toTimmNames.`, { finding });
}

/**
 * The side in pixels of the square pictures that a file's position embeddings are of.
 *
 * @param arrays by timm's names ({@link toTimmNames}), for `pos_embed`
 * @param architecture.patch its side in pixels
 * @throws DataError when it is missing, or is of no square grid
 * @example
 * const pictureSize = pictureSizeOf(arrays, VIT_ARCHITECTURES['dinov2-vit-s/14']); // 518
 */
export function pictureSizeOf(arrays: NamedArrays, architecture: { readonly patch: number }): number {
  checkArrays(arrays);
  const { patch } = checkOptions(architecture, { of: 'pictureSizeOf' });
  checkIntegers({ patch }, { most: MOST });
  return gridOf(found(arrays, 'pos_embed')).side * patch;
}

/**
 * The weights with position embeddings for pictures of another size; the others are the same arrays. For a size that is
 * theirs already, nothing changes.
 *
 * @param arrays by timm's names ({@link toTimmNames}): `pos_embed` of a square grid, and `patch_embed.proj.weight` for the patch
 * @throws InputError for sides that are no multiples of the patch
 * @throws DataError when either is missing, or the positions are of no square grid
 * @example
 * const options = { seed: 0, pictureSize: 384 };
 * loadWeights(vit('vit-b/16', options), resizePositions(toTimmNames(arrays), options));
 */
export function resizePositions(arrays: NamedArrays, options: ResizeOptions): Map<string, NamedArray> {
  checkArrays(arrays);
  checkInterpolation(options);
  const { pictureSize, antialias = true, offset = 0 } = options;
  const [positions, filter] = [found(arrays, 'pos_embed'), found(arrays, 'patch_embed.proj.weight')];
  const [rows, columns] = patchGrid(pictureSize, filter.shape.at(-1)!);
  const { side, before } = gridOf(positions);
  if (side === rows && side === columns) return new Map(arrays);
  const width = positions.shape.at(-1)!;
  const values = float32Of(positions);
  const how = { antialias, offset };
  const tall = mixed(values.subarray(before * width), shares(side, rows, how), side * width);
  const grid = mixed(tall, shares(side, columns, how), width);
  const data = new Float32Array(before * width + grid.length);
  data.set(values.subarray(0, before * width));
  data.set(grid, before * width);
  return new Map([...arrays, ['pos_embed', { shape: [1, data.length / width, width], data }]]);
}
