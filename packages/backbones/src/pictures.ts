/** What a backbone is given, looked at before anything is computed. */
import { checkIntegers, checkLists, InputError, shown } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * @param options.smallest height and width of the smallest picture; default 1
 * @throws InputError unless the pictures are float32, [N, H, W, channels], N >= 1, H and W >= smallest
 */
export function checkPictures(
  images: tf.Tensor,
  { name, channels, smallest = 1 }: { name: string; channels: number; smallest?: number },
): void {
  const { shape, dtype } = images;
  const refuse = (found: string): never => {
    throw new InputError(
      `${name} needs float32 pictures [N, H, W, ${channels}], N >= 1, H and W >= ${smallest}, but ${found}.`,
      { shape, dtype },
    );
  };
  if (dtype !== 'float32') refuse(`they are ${dtype}; normalise them`);
  const [count = 0, height = 0, width = 0, depth] = shape;
  if (shape.length !== 4 || depth !== channels)
    refuse(
      `they are [${shape}]${shape.length === 4 && height === channels ? '; put the channels last' : ''}`,
    );
  if (count < 1) refuse('the batch is empty');
  if (Math.min(height, width) < smallest) refuse(`they are ${height} x ${width}`);
}

/**
 * @param options.size [H, W] where only one will do
 * @throws InputError unless the pixels are bytes that fill [N, H, W, 3], N >= 1
 */
export function checkPixels(
  pixels: Uint8Array,
  shape: readonly number[],
  { name, size }: { name: string; size?: readonly [number, number] },
): void {
  checkLists({ shape });
  checkIntegers(Object.fromEntries([...shape].map((length, axis) => [`shape[${axis}]`, length])));
  const [height, width] = size ?? [shape[1], shape[2]];
  const isBytes = pixels instanceof Uint8Array;
  const isFit = shape.length === 4 && shape[1] === height && shape[2] === width && shape[3] === 3;
  if (isBytes && isFit && pixels.length === shape.reduce((all, length) => all * length, 1)) return;
  const found = isBytes ? `${pixels.length} bytes` : shown(pixels);
  throw new InputError(
    `${name} needs bytes that fill [N, ${size?.join(', ') ?? 'H, W'}, 3], but got ${found} as [${[...shape].join(', ')}]${isBytes && size && !isFit ? '; resize or crop the pictures' : ''}.`,
    { shape, size },
  );
}
