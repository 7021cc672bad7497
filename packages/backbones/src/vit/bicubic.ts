/**
 * Bicubic interpolation along an axis, with PyTorch's meaning (`interpolate(mode='bicubic', align_corners=False)`): Keys' kernel (1981)
 * with a = -0.75, places beyond the edge repeated; or, to average where there are fewer places (`antialias=True`), with a = -0.5 and as
 * wide as the step, over the places there are.
 */
import { checkNumbers, checkOptions } from '@longtail/core';
import { checkFlags } from '../checks.ts';

export interface Interpolation {
  /** true, as timm and DINOv2 with registers; false, as DINO, DINOv2 and Hugging Face. */
  readonly antialias?: boolean;
  /** Added to the count of patches before the scale is computed: 0.1 in the official DINO and DINOv2, 0 elsewhere. */
  readonly offset?: number;
}

/** @throws InputError unless `antialias` is true or false and `offset` a number from 0 to 1 */
export function checkInterpolation(given: Interpolation): void {
  const { antialias = true, offset = 0 } = checkOptions(given, { of: 'resize' });
  checkFlags({ antialias });
  checkNumbers({ offset }, { least: 0, most: 1 });
}

function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** The share that each of `from` places has in each of `to` new ones. */
export function shares(
  from: number,
  to: number,
  { antialias = true, offset = 0 }: Interpolation,
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
