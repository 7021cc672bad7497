/** Augmentation of the CIFAR recipes: pad, crop back, flip. Parameters are drawn as torchvision draws them. */
import type { Random } from '@longtail/core';
import type { Picture } from './dataset.ts';

/** A picture to a new picture; the numbers come from the picture's own stream. */
export type Transform = (picture: Picture, random: Random) => Picture;

/** Zeros around the picture, then a crop of its old size from a random place. */
export function padAndCrop(padding: number): Transform {
  return ({ data, height, width, channels }, random) => {
    const [top, left] = [
      random.integer(2 * padding + 1) - padding,
      random.integer(2 * padding + 1) - padding,
    ];
    const cropped = new Uint8Array(data.length);
    const [from, to] = [Math.max(0, left), Math.min(width, width + left)];
    for (let y = Math.max(0, -top); y < Math.min(height, height - top); y++) {
      const row = (y + top) * width;
      cropped.set(
        data.subarray((row + from) * channels, (row + to) * channels),
        (y * width + from - left) * channels,
      );
    }
    return { data: cropped, height, width, channels };
  };
}

/** Left and right exchanged, for half of the pictures. */
export function horizontalFlip(): Transform {
  return (picture, random) => {
    if (random.uniform() < 0.5) return picture;
    const { data, height, width, channels } = picture;
    const flipped = new Uint8Array(data.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          flipped[(y * width + x) * channels + c] = data[(y * width + width - 1 - x) * channels + c]!;
    return { data: flipped, height, width, channels };
  };
}

/** One after another. */
export function compose(...transforms: readonly Transform[]): Transform {
  return (picture, random) => transforms.reduce((changed, transform) => transform(changed, random), picture);
}
