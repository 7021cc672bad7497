/** Crops of a fixed size, and their mirror image. Parameters are drawn as torchvision draws them. */
import { checkIntegers, checkNumbers } from '@longtail/core';
import { type Transform, transformOf } from '../transform.ts';
import { croppedView } from '../view.ts';

/** A side that JPEG has room for. */
const MOST_PIXELS = 65_535;

/**
 * Zeros around the picture, then a crop of its old size from a random place.
 *
 * @param padding on each side, pixels
 * @throws InputError for a padding that is none
 */
export function padAndCrop(padding: number): Transform {
  checkIntegers({ 'the padding of padAndCrop': padding }, { least: 0, most: MOST_PIXELS });
  return transformOf({
    call: { name: 'padAndCrop', given: [padding] },
    view(view, random) {
      const { height, width } = view.window;
      if (!croppedView(view, { top: -padding, left: -padding, height, width })) return undefined;
      const top = random.integer(2 * padding + 1) - padding;
      const left = random.integer(2 * padding + 1) - padding;
      return croppedView(view, { top, left, height, width });
    },
  });
}

/**
 * The middle of a picture; zeros around it where the picture is smaller (torchvision's CenterCrop).
 *
 * @param size height and width, pixels
 * @throws InputError for a size that is none
 */
export function centerCrop(size: number): Transform {
  expectSize('centerCrop', size);
  return transformOf({
    call: { name: 'centerCrop', given: [size] },
    view: (view) =>
      croppedView(view, {
        top: middle(view.window.height, size),
        left: middle(view.window.width, size),
        height: size,
        width: size,
      }),
  });
}

/** Where the crop begins: half of the rest, rounded to even as Python's round; of a padding, rounded down. */
function middle(length: number, size: number): number {
  if (length < size) return -Math.floor((size - length) / 2);
  const half = (length - size) / 2;
  return Number.isInteger(half) ? half : 2 * Math.round(half / 2);
}

/**
 * Left and right exchanged, for half of the pictures.
 *
 * @throws InputError for a probability outside [0, 1]
 */
export function horizontalFlip(probability = 0.5): Transform {
  checkNumbers({ 'the probability of horizontalFlip': probability }, { least: 0, most: 1 });
  return transformOf({
    call: { name: 'horizontalFlip', given: [probability] },
    view: (view, random) =>
      random.uniform() < 1 - probability ? view : { ...view, mirrored: !view.mirrored },
  });
}

export function expectSize(name: string, size: number): void {
  checkIntegers({ [`the size of ${name}, in pixels,`]: size }, { most: MOST_PIXELS });
}
