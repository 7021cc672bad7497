/** The transforms that another thread can make again from a description. */
import { InputError } from '@longtail/core';
import { compose, type Transform, type TransformCall } from '../transform.ts';
import { colorJitter } from './color-jitter.ts';
import { centerCrop, horizontalFlip, padAndCrop } from './crop.ts';
import { randomResizedCrop, resizeShortSide } from './resize.ts';

const FACTORIES = { centerCrop, colorJitter, horizontalFlip, padAndCrop, randomResizedCrop, resizeShortSide };

/** @throws InputError for a name that is none of these */
export function transformFrom(calls: readonly TransformCall[]): Transform {
  return compose(
    ...calls.map(({ name, given }) => {
      const factory = FACTORIES[name as keyof typeof FACTORIES] as
        | ((...values: readonly unknown[]) => Transform)
        | undefined;
      if (factory) return factory(...given);
      const known = Object.keys(FACTORIES).join(', ');
      throw new InputError(`a transform's name must be one of ${known}, but it is ${name}.`, { name });
    }),
  );
}
