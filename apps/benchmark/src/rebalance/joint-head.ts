/** The backbone's own linear head, of a file: its weight, and a bias where there is one. */
import { DataError } from '@longtail/core';
import { type ArrayFile, float32Of, openArrays } from '@longtail/formats';
import { type Head, linearFrom } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { KnownParts } from './known-classes.ts';

/** @throws DataError unless it is an array of finite floats of this shape */
async function floats(
  file: ArrayFile,
  name: string | undefined,
  wanted: readonly number[],
): Promise<Float32Array> {
  const array = await file.read(name);
  const { shape, dtype } = array;
  const refuse = (found: string): DataError =>
    new DataError(
      `expected a ${name ?? 'weight'} [${wanted.join(', ')}] in ${file.path}, finite floats, one row for each class that has training rows, but ${found}; write it anew.`,
    );
  if (shape.join() !== wanted.join()) throw refuse(`it is [${shape.join(', ')}]`);
  if (!dtype.includes('float')) throw refuse(`it is of ${dtype}`);
  const values = float32Of(array);
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw refuse(`it holds ${bad}`);
  return values;
}

/** @returns the caller's to dispose @throws DataError unless they are a weight, and a bias, of these classes and features */
export async function jointHead(path: string, { classNames, train }: KnownParts): Promise<Head> {
  const file = await openArrays(path);
  try {
    const size: [number, number] = [classNames.length, train.dim];
    const names = file.arrays.map(({ name }) => name);
    const hasBias = names.length === 2 && names.includes('weight') && names.includes('bias');
    const weight = await floats(file, hasBias ? 'weight' : undefined, size);
    const bias = hasBias ? await floats(file, 'bias', [classNames.length]) : undefined;
    return linearFrom('joint', { weight: tf.tensor2d(weight, size), bias: bias && tf.tensor1d(bias) });
  } finally {
    await file[Symbol.asyncDispose]();
  }
}
