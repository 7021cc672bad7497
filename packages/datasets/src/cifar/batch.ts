/** A file of CIFAR in memory: its labels, and where each picture's planes (red, green, blue; 1024 bytes each) lie. */
import { DataError } from '@longtail/core';
import { openArrays } from '@longtail/formats';

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

/**
 * A pickled dict of `data`, uint8 [N, 3072], and `labels` or `fine_labels`, a list of N integers. The pickle is read as
 * data: nothing in it is called.
 *
 * @throws DataError when it is no such dict, or a label is out of range
 */
export async function pythonBatch(bytes: Uint8Array, options: BatchOptions): Promise<CifarBatch> {
  const { source, numClasses } = options;
  const batch = await openArrays(bytes, { format: 'pickle', name: source });
  const [data, labels] = [
    await batch.read('data'),
    await batch.read(numClasses === 100 ? 'fine_labels' : 'labels'),
  ];
  const [n, size] = data.shape;
  const fits = data.shape.length === 2 && size === PICTURE && n === labels.shape[0] && n! > 0;
  if (!fits || data.dtype !== 'uint8' || labels.dtype !== 'int64')
    throw new DataError(
      `expected a pickled batch of CIFAR-${numClasses} in ${source}, but "data" is ${data.dtype} [${data.shape}] beside ${labels.shape[0]} labels; fetch it again.`,
      { source },
    );
  const numbers = Int32Array.from(labels.data as BigInt64Array, Number);
  return { labels: checked(numbers, options), bytes: data.data as Uint8Array, start: 0, stride: PICTURE };
}
