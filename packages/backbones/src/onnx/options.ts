/** What `onnxBackbone` can be told, and its checks. */
import {
  checkIntegers,
  checkLists,
  checkOneOf,
  checkOptions,
  checkStrings,
  InputError,
} from '@longtail/core';
import { checkStatistics, type Statistics } from '../statistics.ts';
import type { InputOptions } from './input.ts';
import type { OutputOptions } from './output.ts';

export interface OnnxOptions extends InputOptions, OutputOptions {
  /** What the network was trained with; default: the file's metadata, or ImageNet's. Not for a model that takes bytes. */
  readonly statistics?: Statistics | undefined;
}

/** The largest side of a picture: what only a slip can be beyond. */
const MOST = 2 ** 14;

/** @throws InputError naming the first option that is none */
export function checkOnnxOptions(options: OnnxOptions): OnnxOptions {
  const { layout, size, statistics, output, token } = checkOptions(options, { of: 'onnxBackbone' });
  if (layout !== undefined) checkOneOf({ layout }, ['nchw', 'nhwc']);
  if (typeof size === 'number') checkIntegers({ size }, { most: MOST });
  else if (size !== undefined) checkSize(size);
  if (statistics !== undefined) checkStatistics(statistics);
  if (output !== undefined) checkStrings({ output });
  if (token !== undefined && token !== 'mean') checkIntegers({ token }, { least: 0 });
  return options;
}

function checkSize(size: readonly number[]): void {
  checkLists({ size });
  if (size.length !== 2)
    throw new InputError(`size must be a number or [height, width], but it has ${size.length} numbers.`, {
      size,
    });
  for (const [i, length] of [...size].entries()) checkIntegers({ [`size[${i}]`]: length }, { most: MOST });
}
