/**
 * Many tensors in few calls (Li et al., PyTorch Distributed, VLDB 2020, section 3.2.3): small ones of one type, in the order
 * given, are laid side by side; a large one travels by itself, where it lies.
 */
import type { Values } from './memory.ts';

export const BUCKET_BYTES: number = 25 * 2 ** 20;

/** From here on, a call of its own costs less than two copies. */
const LARGE_BYTES = 2 ** 20;

/** @returns lists of arrays of one type, together at most `bucketBytes` long, in the order given; a large one alone */
export function bucketsOf(arrays: readonly Values[], { bucketBytes }: { bucketBytes: number }): Values[][] {
  const buckets: Values[][] = [];
  const open = new Map<string, { bucket: Values[]; bytes: number }>();
  for (const array of arrays) {
    if (array.length === 0) continue;
    const type = array.constructor.name;
    const last = open.get(type);
    if (array.byteLength >= LARGE_BYTES || array.byteLength >= bucketBytes) buckets.push([array]);
    else if (last && last.bytes + array.byteLength <= bucketBytes) {
      last.bucket.push(array);
      last.bytes += array.byteLength;
    } else {
      const bucket = [array];
      buckets.push(bucket);
      open.set(type, { bucket, bytes: array.byteLength });
    }
  }
  return buckets;
}

/** The arrays of a bucket one after another: itself, where it is one. */
export function packed(bucket: readonly Values[]): Values {
  const [first] = bucket as [Values, ...Values[]];
  if (bucket.length === 1) return first;
  const length = bucket.reduce((sum, array) => sum + array.length, 0);
  const all = new (first.constructor as new (length: number) => Values)(length);
  let at = 0;
  for (const array of bucket) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** Puts the values back into the arrays that {@link packed} has laid side by side. */
export function unpack(all: Values, bucket: readonly Values[]): void {
  if (bucket.length === 1) return;
  let at = 0;
  for (const array of bucket) {
    array.set(all.subarray(at, at + array.length));
    at += array.length;
  }
}
