/** Resizes: of the short side for evaluation, of a random crop for training. Antialiased bilinear, as ATen has it. */
import { checkLists, checkOptions, InputError, type Random, shown } from '@longtail/core';
import { type Transform, transformOf } from '../transform.ts';
import { type Region, resizedView, shownBy } from '../view.ts';
import { expectSize } from './crop.ts';

/**
 * Keeps the proportions: the short side becomes `size`, the long side trunc(size * long / short) (torchvision's Resize).
 *
 * @throws InputError for a size that is none
 */
export function resizeShortSide(size: number): Transform {
  expectSize('resizeShortSide', size);
  return transformOf({
    call: { name: 'resizeShortSide', given: [size] },
    view(view) {
      const shown = shownBy(view);
      if (!shown) return undefined;
      const { height, width } = shown;
      const short = Math.min(height, width);
      return resizedView(shown, Math.trunc((size * height) / short), Math.trunc((size * width) / short));
    },
  });
}

/**
 * A random part of the picture, resized to a square: its share of the area is uniform in `scale`, the logarithm of
 * width / height uniform in `ratio`'s; after ten parts that do not fit, the largest middle one of an allowed ratio
 * (Szegedy et al. 2015, torchvision's RandomResizedCrop).
 *
 * @param size height and width of the result, pixels
 * @throws InputError for a size, a scale or a ratio that is none
 * @example
 * const train = compose(randomResizedCrop(224), horizontalFlip(), colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }));
 */
export function randomResizedCrop(
  size: number,
  options: { scale?: readonly [number, number]; ratio?: readonly [number, number] } = {},
): Transform {
  expectSize('randomResizedCrop', size);
  const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = checkOptions(options, { of: 'randomResizedCrop' });
  expectRanges({ scale, ratio });
  return transformOf({
    call: { name: 'randomResizedCrop', given: [size, { scale, ratio }] },
    view(view, random) {
      const shown = shownBy(view);
      return shown && resizedView(randomPart(shown, scale, ratio, random), size, size);
    },
  });
}

function expectRanges(ranges: Readonly<Record<string, Range>>): void {
  for (const [name, range] of Object.entries(ranges)) {
    checkLists({ [name]: range });
    const [low, high] = range;
    if (!(range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low > 0 && low <= high))
      throw new InputError(
        `${name} must be two numbers > 0 in order, but it is [${Array.from(range, shown).join(', ')}].`,
        { low, high },
      );
  }
}

type Range = readonly [low: number, high: number];

function randomPart(
  { top, left, height, width }: Region,
  scale: Range,
  ratio: Range,
  random: Random,
): Region {
  const uniform = ([low, high]: Range) => low + (high - low) * random.uniform();
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * uniform(scale);
    const proportion = Math.exp(uniform([Math.log(ratio[0]), Math.log(ratio[1])]));
    const w = Math.round(Math.sqrt(area * proportion));
    const h = Math.round(Math.sqrt(area / proportion));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    const y = random.integer(height - h + 1);
    return { top: top + y, left: left + random.integer(width - w + 1), height: h, width: w };
  }
  const h = Math.min(height, Math.round(width / ratio[0]));
  const w = Math.min(width, Math.round(height * ratio[1]));
  return { top: top + ((height - h) >> 1), left: left + ((width - w) >> 1), height: h, width: w };
}
