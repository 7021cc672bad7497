/** Text in TensorFlow's tensors (tensorflow/c/tf_tstring.h): 24 bytes a string, which point to its own where it is long. */
import koffi from 'koffi';
import type { Native } from './native.ts';

/** sizeof(TF_TString). */
export const STRING_BYTES = 24;

/**
 * A copy of what lies in memory. A view would leave a finalizer behind until the event loop turns, and thousands of those
 * lie between the tensors that a loop frees: no freed block is then whole enough for the next, and memory grows.
 */
export const bytesAt = (address: unknown, count: number): Uint8Array<ArrayBuffer> =>
  count === 0 ? new Uint8Array(0) : koffi.decode(address, 'uint8_t', count);

/** Where each string is. */
function places(data: unknown, count: number): bigint[] {
  const start = count > 0 ? BigInt(koffi.address(data)) : 0n;
  return Array.from({ length: count }, (_, i) => start + BigInt(i * STRING_BYTES));
}

export function writeStrings(c: Native['c'], data: unknown, values: readonly Uint8Array[]): void {
  for (const [i, place] of places(data, values.length).entries()) {
    c.stringInit(place);
    c.stringCopy(place, values[i], values[i]!.length);
  }
}

export const readStrings = (c: Native['c'], data: unknown, count: number): Uint8Array[] =>
  places(data, count).map((place) => bytesAt(c.stringData(place), Number(c.stringSize(place))));

/**
 * The strings of a tensor that was written here, in one of TensorFlow's own: it frees the strings of those alone.
 *
 * @param handle of the written tensor, which is freed, with its strings at `data`
 */
export function owned(
  { c, checked, context }: Native,
  handle: bigint,
  { data, count }: { data: unknown; count: number },
): bigint {
  const op = checked('a copy of strings', (s) => c.newOp(context, 'DeepCopy', s));
  try {
    const [copy, one] = [new BigUint64Array(1), Int32Array.of(1)];
    checked('a copy of strings', (s) => c.addInput(op, handle, s));
    checked('a copy of strings', (s) => c.execute(op, copy, one, s));
    return copy[0]!;
  } finally {
    c.deleteOp(op);
    c.deleteHandle(handle);
    for (const place of places(data, count)) c.stringDealloc(place);
  }
}
