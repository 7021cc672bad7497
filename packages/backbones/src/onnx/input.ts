/** What a model's input is: its layout by the axis of three channels, its size, its batch; the rest is told by options. */
import { DataError, InputError } from '@longtail/core';
import type { InferenceSession } from 'onnxruntime-node';

export type Layout = 'nchw' | 'nhwc';

export interface Input {
  readonly name: string;
  readonly type: 'float32' | 'float16' | 'uint8';
  readonly layout: Layout;
  readonly size: readonly [height: number, width: number];
  /** Pictures a run, where the model takes no other number. */
  readonly batch: number | undefined;
}

export interface InputOptions {
  /** Where the channels are, for a model whose shape does not tell. */
  readonly layout?: Layout | undefined;
  /** [height, width], or both in one, for a model whose shape does not tell. */
  readonly size?: number | readonly [height: number, width: number] | undefined;
}

type Shape = readonly (number | string)[];

const AXES = {
  nchw: { channels: 1, size: [2, 3] },
  nhwc: { channels: 3, size: [1, 2] },
} as const;

const isKnown = (length: number | string | undefined): length is number =>
  typeof length === 'number' && length > 0;
export const shapeText = (shape: Shape): string => `[${shape.map((length) => length || '?').join(', ')}]`;

/**
 * @throws DataError when the model takes no pictures of three channels
 * @throws InputError when an axis is dynamic and no option tells it, or an option contradicts the file
 */
export function inputOf(
  { inputMetadata: inputs }: Pick<InferenceSession, 'inputMetadata'>,
  { file, ...options }: InputOptions & { file: string },
): Input {
  const [first] = inputs;
  const names = inputs.map(({ name }) => name).join(', ');
  if (!first || inputs.length > 1)
    throw new DataError(
      `expected one input in ${file}, the pictures, but it has ${inputs.length} (${names}); export the visual part alone.`,
      { file, names },
    );
  if (!first.isTensor || !isType(first.type))
    throw new DataError(
      `expected float32, float16 or uint8 pictures as the input of ${file}, but "${first.name}" is ${first.isTensor ? first.type : 'no tensor'}.`,
      { file },
    );
  // A rank that is not declared comes as no axis at all.
  const shape: Shape = first.shape.length === 0 ? ['', '', '', ''] : first.shape;
  if (shape.length !== 4)
    throw new DataError(
      `expected an input of 4 axes in ${file}, [N, 3, H, W] or [N, H, W, 3], but "${first.name}" is ${shapeText(shape)}.`,
      { file, shape },
    );
  const layout = layoutOf(shape, { file, ...options });
  const size = sizeOf(shape, { file, layout, size: options.size });
  return {
    name: first.name,
    type: first.type,
    layout,
    size,
    batch: isKnown(shape[0]) ? shape[0] : undefined,
  };
}

const isType = (type: string): type is Input['type'] => ['float32', 'float16', 'uint8'].includes(type);

function layoutOf(shape: Shape, { file, layout }: { file: string; layout?: Layout | undefined }): Layout {
  const layouts = ['nchw', 'nhwc'] as const;
  const sure = layouts.filter((each) => shape[AXES[each].channels] === 3);
  const possible = layouts.filter((each) => sure.includes(each) || !isKnown(shape[AXES[each].channels]));
  const fits = sure.length > 0 ? sure : possible;
  if (fits.length === 0)
    throw new DataError(
      `expected three channels on axis 1 or 3 of the input of ${file}, but it is ${shapeText(shape)}.`,
      { file, shape },
    );
  if (layout && !possible.includes(layout))
    throw new InputError(`layout is ${layout}, but the input of ${file} is ${shapeText(shape)}.`, {
      layout,
      shape,
    });
  const found = layout ?? (fits.length === 1 ? fits[0] : undefined);
  if (found) return found;
  throw new InputError(
    `the input of ${file} is ${shapeText(shape)}, so either of axes 1 and 3 can be the channels; name its \`layout\`: "nchw" or "nhwc".`,
    { file, shape },
  );
}

function sizeOf(
  shape: Shape,
  { file, layout, size }: InputOptions & { file: string; layout: Layout },
): readonly [number, number] {
  const axes = AXES[layout].size;
  const told = typeof size === 'number' ? [size, size] : (size ?? []);
  const unknown = axes.filter((axis, i) => !isKnown(shape[axis]) && told[i] === undefined);
  if (unknown.length > 0)
    throw new InputError(
      `${unknown.map((axis) => `axis ${axis}`).join(' and ')} of the input of ${file} ${unknown.length > 1 ? 'are' : 'is'} dynamic, ${shapeText(shape)}; name its \`size\`: [height, width].`,
      { file, shape },
    );
  const [height, width] = axes.map((axis, i) => told[i] ?? shape[axis]) as [number, number];
  if ([height, width].every((length, i) => !isKnown(shape[axes[i]!]) || shape[axes[i]!] === length))
    return [height, width];
  throw new InputError(`size is [${height}, ${width}], but the input of ${file} is ${shapeText(shape)}.`, {
    size,
    shape,
  });
}
