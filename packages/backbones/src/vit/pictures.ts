/** What a transformer is given, looked at before anything is computed. */
import { InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * @param options.size the [H, W] that the backbone was made for
 * @param options.isFixed whether only these will do, or all multiples of the patch
 * @throws InputError unless the pictures are float32, [N, H, W, 3], N >= 1, of such a size
 */
export function expectPictures(
  name: string,
  images: tf.Tensor,
  { size, patch, isFixed }: { size: readonly number[]; patch: number; isFixed: boolean },
): void {
  checkTensors({ images });
  const { shape, dtype } = images;
  const isOneOf = (side: number, axis: number) =>
    isFixed ? side === size[axis] : side > 0 && side % patch === 0;
  const [count, ...sides] = shape;
  if (dtype !== 'float32' || sides.length !== 3 || sides[2] !== 3 || !sides.slice(0, 2).every(isOneOf)) {
    const made = isFixed
      ? `was made for float32 pictures [N, ${size.join(', ')}, 3]`
      : `needs float32 pictures [N, H, W, 3], H and W multiples of ${patch}`;
    const advice = isFixed ? 'give it that pictureSize, or resize them' : 'resize or crop them';
    throw new InputError(`${name} ${made}, but got ${dtype} [${shape}]; ${advice}.`, {
      shape,
      pictureSize: size,
    });
  }
  if (count === 0)
    throw new InputError(`${name} needs a batch of at least one picture, but got [${shape}].`, { shape });
}
