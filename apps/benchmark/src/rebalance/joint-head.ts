/** The backbone's own linear head, of a file. */
import { DataError } from '@longtail/core';
import { openArrays } from '@longtail/formats';
import { type Head, linearFrom } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { KnownParts } from './known-classes.ts';

/** @returns the caller's to dispose @throws DataError unless it is a weight of these classes and features */
export async function jointHead(path: string, { classNames, train }: KnownParts): Promise<Head> {
  const file = await openArrays(path);
  try {
    const { shape, data } = await file.read();
    const size = [classNames.length, train.dim] as [number, number];
    if (shape.length === 2 && shape[0] === size[0] && shape[1] === size[1])
      return linearFrom('joint', { weight: tf.tensor2d(Float32Array.from(data as Float32Array), size) });
    throw new DataError(
      `expected a weight [${classNames.length}, ${train.dim}] in ${path}, one row for each class that has training rows, but it is [${shape.join(', ')}].`,
    );
  } finally {
    await file[Symbol.asyncDispose]();
  }
}
