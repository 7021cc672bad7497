/** Pictures as bytes, looked at before a network sees them; without tfjs, which an ONNX model does not want. */
import { checkIntegers, checkLists, checkOptions, checkStrings, InputError, shown } from '@longtail/core';

/**
 * @param options.size [H, W] where only one will do
 * @throws InputError unless the pixels are bytes that fill [N, H, W, 3], N >= 1
 */
export function checkPixels(
  pixels: Uint8Array,
  shape: readonly number[],
  options: { name: string; size?: readonly [number, number] },
): void {
  const { name, size } = checkOptions(options, { of: 'checkPixels' });
  checkStrings({ name });
  checkLists({ size: size ?? [] });
  checkIntegers(Object.fromEntries([...(size ?? [])].map((side, axis) => [`size[${axis}]`, side])));
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
