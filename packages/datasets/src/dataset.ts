/** The contract of every set of pictures. */

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

/** A set of equally large pictures in memory, one after another in `pixels`. */
export function inMemory(
  name: string,
  {
    pixels,
    labels,
    classNames,
    shape: [height, width, channels],
  }: {
    pixels: Uint8Array;
    labels: Int32Array;
    classNames: readonly string[];
    shape: readonly [number, number, number];
  },
): Dataset {
  const size = height * width * channels;
  return {
    name,
    length: labels.length,
    labels,
    classNames,
    read: (index) => ({ data: pixels.subarray(index * size, (index + 1) * size), height, width, channels }),
  };
}
