/** A file of CIFAR in memory: its labels, and where each picture's planes (red, green, blue; 1024 bytes each) lie. */
import { DataError } from '@longtail/core';
import type { OpenFile } from '../features/open-file.ts';
import { unpickle } from '../features/pickle/unpickle.ts';
import type { Value } from '../features/pickle/values.ts';

export const PLANE: number = 32 * 32;
export const PICTURE: number = 3 * PLANE;

export interface CifarBatch {
  readonly labels: Int32Array;
  readonly bytes: Uint8Array;
  /** Picture i begins at start + i * stride. */
  readonly start: number;
  readonly stride: number;
}
export interface BatchOptions {
  /** Named in messages. */
  readonly source: string;
  readonly numClasses: number;
}

function checked(labels: Int32Array, { source, numClasses }: BatchOptions): Int32Array {
  const bad = labels.findIndex((label) => !(label >= 0 && label < numClasses));
  if (bad < 0) return labels;
  throw new DataError(
    `expected labels from 0 to ${numClasses - 1} in ${source}, but picture ${bad} has ${labels[bad]}; fetch it again.`,
    { source, picture: bad },
  );
}

/**
 * Records of a label byte (CIFAR-100: the coarse label's, then the fine one's) and a picture.
 *
 * @throws DataError when it is not made of whole records, or a label is out of range
 */
export function binaryBatch(bytes: Uint8Array, options: BatchOptions): CifarBatch {
  const start = options.numClasses === 100 ? 2 : 1;
  const stride = start + PICTURE;
  if (bytes.length === 0 || bytes.length % stride !== 0)
    throw new DataError(
      `expected records of ${stride} bytes in ${options.source}, but it has ${bytes.length} bytes; fetch it again.`,
      { source: options.source },
    );
  const labels = Int32Array.from({ length: bytes.length / stride }, (_, i) => bytes[i * stride + start - 1]!);
  return { labels: checked(labels, options), bytes, start, stride };
}

function inBuffer(bytes: Uint8Array, path: string): OpenFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readNow = (offset: number, length: number) => buffer.subarray(offset, offset + length);
  return {
    path,
    size: buffer.length,
    readNow,
    read: async (offset, length) => readNow(offset, length),
    close: async () => {},
  };
}

/**
 * A pickled dict of `data`, uint8 [N, 3072], and `labels` or `fine_labels`, a list of N integers. The pickle is read as
 * data: nothing in it is called.
 *
 * @throws DataError when it is no such dict, or a label is out of range
 */
export function pythonBatch(bytes: Uint8Array, options: BatchOptions): CifarBatch {
  const { source, numClasses } = options;
  const fail = (found: string) =>
    new DataError(
      `expected a pickled batch of CIFAR-${numClasses} in ${source}, but ${found}; fetch it again.`,
      {
        source,
      },
    );
  const root = unpickle(inBuffer(bytes, source));
  if (typeof root !== 'object' || root?.kind !== 'dict') throw fail('it is no dict');
  const [data, list] = [
    root.entries.get('data'),
    root.entries.get(numClasses === 100 ? 'fine_labels' : 'labels'),
  ];
  const array = isKind(data, 'ndarray') ? data.content : undefined;
  const labels = isKind(list, 'list') ? list.items : undefined;
  if (!array || !labels) throw fail('it has no array "data" and list of labels');
  const [n, size] = array.shape;
  const { offset, length } = array.bytes;
  const fits = array.shape.length === 2 && size === PICTURE && length === n! * PICTURE && !array.columnMajor;
  if (!fits || array.type?.name !== 'uint8' || offset === undefined || n !== labels.length || n === 0)
    throw fail(`"data" is ${array.typeName} [${array.shape}] beside ${labels.length} labels`);
  const numbers = Int32Array.from(labels, (label) =>
    typeof label === 'number' && label % 1 === 0 ? label : -1,
  );
  return { labels: checked(numbers, options), bytes, start: offset, stride: PICTURE };
}

const isKind = <K extends string>(value: Value | undefined, kind: K): value is Extract<Value, { kind: K }> =>
  typeof value === 'object' && value !== null && value.kind === kind;
