/** The contract of every set of pictures. */
import { asLabels, checkLists, checkOptions, checkStrings, InputError } from '@longtail/core';
import { expectIntegers } from './arguments.ts';

/** Bytes 0..255, row by row, channels last: shape [height, width, channels]. */
export interface Picture {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Where the encoded bytes of a picture lie: a whole file, or `length` bytes of it from `offset` on. */
export interface PictureFile {
  readonly path: string;
  readonly offset?: number;
  readonly length?: number;
}

export interface Dataset {
  readonly name: string;
  readonly length: number;
  /** Class of each picture, shape [length]. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  /** @param index 0..length - 1 */
  read(index: number): Picture | Promise<Picture>;
  /** Sets of encoded files only: what a worker thread reads and decodes by itself. */
  file?(index: number): PictureFile;
}

/**
 * A set of equally large pictures in memory, one after another in `pixels`.
 *
 * @param options.labels integers from 0, below the number of class names, shape [N]
 * @param options.shape of a picture
 * @throws InputError when pixels, labels and names do not go together
 */
export function inMemory(
  name: string,
  options: {
    pixels: Uint8Array;
    labels: ArrayLike<number>;
    classNames: readonly string[];
    shape: readonly [number, number, number];
  },
): Dataset {
  checkStrings({ name });
  const { pixels, labels: given, classNames, shape } = checkOptions(options, { of: 'inMemory' });
  checkLists({ labels: given, classNames });
  expectIntegers('shape', shape, { least: 1, most: 2 ** 31 - 1 });
  if (shape.length !== 3)
    throw new InputError(`shape must be [height, width, channels], but it has ${shape.length} numbers.`);
  const [height, width, channels] = shape;
  const labels = asLabels(given, { numClasses: classNames.length });
  const size = height * width * channels;
  if (!(pixels instanceof Uint8Array) || pixels.length !== labels.length * size)
    throw new InputError(
      `${name} needs ${labels.length} x [${height}, ${width}, ${channels}] bytes of pixels for its labels, but got ${pixels?.length}.`,
    );
  return {
    name,
    length: labels.length,
    labels,
    classNames,
    read: (index) => ({ data: pixels.subarray(index * size, (index + 1) * size), height, width, channels }),
  };
}
