/** What a backbone is given, looked at before anything is computed. */
import { checkIntegers, checkOptions, checkStrings, InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * @param options.smallest height and width of the smallest picture; default 1
 * @throws InputError unless the pictures are float32, [N, H, W, channels], N >= 1, H and W >= smallest
 */
export function checkPictures(
  images: tf.Tensor,
  options: { name: string; channels: number; smallest?: number },
): void {
  const { name, channels, smallest = 1 } = checkOptions(options, { of: 'checkPictures' });
  checkStrings({ name });
  checkIntegers({ channels, smallest });
  checkTensors({ images });
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
