/** Which of a model's outputs is the features, and from that output to one row a picture. */
import { DataError, InputError } from '@longtail/core';
import { float32Of } from '@longtail/formats';
import type { Tensor } from 'onnxruntime-node';
import { shapeText } from './input.ts';

export interface OutputOptions {
  /** The name of the features, for a model with several outputs that could be. */
  readonly output?: string | undefined;
  /** Of an output [N, tokens, D]: the position of the one to take (0: the class token), or their mean. */
  readonly token?: number | 'mean' | undefined;
}

type Token = OutputOptions['token'];

/** [N, D], [N, D, 1, 1], [N, 1, D]: one axis beside the batch's that is not 1. */
const isRow = (dims: readonly number[]): boolean =>
  dims.length >= 2 && dims.slice(1).filter((length) => length !== 1).length <= 1;

/**
 * @param outputs what a run gave, by name
 * @returns the name of the only output, or of the only one of the right shape
 * @throws InputError when there are several, or none of the right shape among several
 */
export function outputName(
  outputs: Readonly<Record<string, Tensor>>,
  { file, token }: { file: string; token?: Token },
): string {
  const names = Object.keys(outputs);
  const fits = names.filter((name) => {
    const { dims } = outputs[name]!;
    return token === undefined ? isRow(dims) : dims.length === 3;
  });
  const [found] = names.length === 1 ? names : fits;
  if (found !== undefined && (names.length === 1 || fits.length === 1)) return found;
  const shown = names.map((name) => `"${name}" ${shapeText(outputs[name]!.dims)}`).join(', ');
  throw new InputError(
    `expected one output ${token === undefined ? '[N, D]' : '[N, tokens, D]'} in ${file}, but it has ${shown}; name the features as \`output\`.`,
    { file, outputs: names },
  );
}

/**
 * @param tensor of `count` pictures, float32 or float16, [N, D] with further axes of 1 where there are any, or [N, tokens, D]
 * @returns shape [N, D]
 * @throws DataError when it is of another type, of another number of pictures, or a map
 * @throws InputError when it is tokens and none is chosen, or the other way round
 */
export function rowsOf(
  { type, dims, data }: Tensor,
  { name, count, token }: { name: string; count: number; token?: Token },
): Float32Array {
  const found = `${name} is ${type} ${shapeText(dims)}`;
  if (type !== 'float32' && type !== 'float16')
    throw new DataError(`expected float32 or float16 features, but ${found}.`, { type });
  if (dims[0] !== count)
    throw new DataError(
      `expected features of ${count} pictures, but ${found}; export it with a dynamic batch.`,
      { dims },
    );
  const values = float32s(data as Float32Array | Uint16Array, dims);
  if (token === undefined && isRow(dims)) return values;
  if (dims.length !== 3 && !isRow(dims))
    throw new DataError(
      `expected features [N, D], but ${found}${dims.length > 3 ? '; export the model with its pooling' : ''}.`,
      {
        dims,
      },
    );
  if (token === undefined)
    throw new InputError(
      `expected features [N, D], but ${found}; choose a \`token\`: 0, another, or "mean".`,
      { dims },
    );
  const [, tokens = 0] = dims;
  if (dims.length !== 3 || (token !== 'mean' && token >= tokens))
    throw new InputError(`token is ${token}, but ${found}, not [N, tokens, D] with that many tokens.`, {
      dims,
      token,
    });
  return tokenOf(values, { dims: dims as readonly [number, number, number], token });
}

/** Halves come as their bits, or in a Float16Array where Node has one. */
function float32s(data: Float32Array | Uint16Array, shape: readonly number[]): Float32Array {
  if (data instanceof Float32Array) return data;
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
  return float32Of({ dtype: 'float16', shape, data: bits });
}

function tokenOf(
  values: Float32Array,
  {
    dims: [count, tokens, length],
    token,
  }: { dims: readonly [number, number, number]; token: number | 'mean' },
): Float32Array {
  const rows = new Float32Array(count * length);
  const [first, end] = token === 'mean' ? [0, tokens] : [token, token + 1];
  for (let n = 0; n < count; n++)
    for (let d = 0; d < length; d++) {
      let sum = 0;
      for (let t = first; t < end; t++) sum += values[(n * tokens + t) * length + d]!;
      rows[n * length + d] = sum / (end - first);
    }
  return rows;
}
