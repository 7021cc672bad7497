/**
 * Position embeddings for pictures of another size: bicubic interpolation over the grid of patches, with PyTorch's meaning
 * (`interpolate(mode='bicubic', align_corners=False)`): Keys' kernel (1981) with a = -0.75, places beyond the edge repeated; or, to
 * average where there are fewer patches (`antialias=True`), with a = -0.5 and as wide as the step, over the places there are.
 */
import { DataError } from '@longtail/core';
import { float32Of, type NamedArray, type NamedArrays } from '@longtail/formats';
import { type PictureSize, patchGrid } from './grid.ts';

export interface ResizeOptions {
  /** Side in pixels, or [height, width]: multiples of the patch. */
  readonly pictureSize: PictureSize;
  /** true, as timm and DINOv2 with registers; false, as DINO, DINOv2 and Hugging Face. */
  readonly antialias?: boolean;
  /** Added to the count of patches before the scale is computed: 0.1 in the official DINO and DINOv2, 0 elsewhere. */
  readonly offset?: number;
}

function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** The share that each of `from` places has in each of `to` new ones. */
function shares(
  from: number,
  to: number,
  { antialias = true, offset = 0 }: Pick<ResizeOptions, 'antialias' | 'offset'>,
): Float64Array[] {
  const scale = from / (to + offset);
  const width = antialias ? Math.max(scale, 1) : 1;
  return Array.from({ length: to }, (_, i) => {
    const centre = scale * (i + 0.5);
    const row = new Float64Array(from);
    const first = antialias
      ? Math.max(Math.floor(centre - 2 * width + 0.5), 0)
      : Math.floor(centre - 0.5) - 1;
    const end = antialias ? Math.min(Math.floor(centre + 2 * width + 0.5), from) : first + 4;
    let sum = 0;
    for (let place = first; place < end; place++) {
      const share = cubic((place + 0.5 - centre) / width, antialias ? -0.5 : -0.75);
      row[Math.min(Math.max(place, 0), from - 1)]! += share;
      sum += share;
    }
    return row.map((share) => share / sum);
  });
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
export function resizePositions(
  arrays: NamedArrays,
  { pictureSize, antialias = true, offset = 0 }: ResizeOptions,
): Map<string, NamedArray> {
  const [positions, filter] = ['pos_embed', 'patch_embed.proj.weight'].map((name) => {
    const found = arrays.get(name);
    if (!found)
      throw new DataError(`expected "${name}" among the weights, but it is missing; see toTimmNames.`);
    return found;
  }) as [NamedArray, NamedArray];
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
