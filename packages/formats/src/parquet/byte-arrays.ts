/** Values of any length, text for the most part (Encodings.md): PLAIN, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY. */
import { viewOf } from '../bytes.ts';
import { deltaValues } from './delta.ts';
import type { Refuse } from './levels.ts';

export type Texts = (Uint8Array | undefined)[];

/** Of one page: each value of DELTA_BYTE_ARRAY may be as long as all before it. */
const MAX_BYTES = 2 ** 28;

/** @returns [count] views of the page's bytes */
export function byteArrays(
  body: Uint8Array,
  count: number,
  { encoding, refuse }: { encoding: string; refuse: Refuse },
): Texts {
  const found = Object.hasOwn(READERS, encoding) ? READERS[encoding]!(body, count) : undefined;
  if (found) return found;
  throw refuse(
    Object.hasOwn(READERS, encoding)
      ? `does not hold ${count} texts`
      : `is encoded by ${encoding}; write it with PLAIN or a dictionary`,
  );
}

const READERS: Readonly<Record<string, (body: Uint8Array, count: number) => Texts | undefined>> = {
  PLAIN: plain,
  DELTA_LENGTH_BYTE_ARRAY: afterLengths,
  DELTA_BYTE_ARRAY: afterPrefixes,
};

/** Each after its length. */
function plain(body: Uint8Array, count: number): Texts | undefined {
  const view = viewOf(body);
  if (count * 4 > body.length) return undefined;
  const texts: Texts = [];
  for (let at = 0; texts.length < count; ) {
    if (at + 4 > body.length) return undefined;
    const end = at + 4 + view.getUint32(at, true);
    if (end > body.length) return undefined;
    texts.push(body.subarray(at + 4, end));
    at = end;
  }
  return texts;
}

/** All lengths, then all bytes. */
function afterLengths(body: Uint8Array, count: number): Texts | undefined {
  const lengths = deltaValues(body, Int32Array, count);
  if (!lengths) return undefined;
  const texts: Texts = [];
  let at = lengths.end;
  for (const length of lengths.values) {
    if (length < 0 || at + length > body.length) return undefined;
    texts.push(body.subarray(at, at + length));
    at += length;
  }
  return texts;
}

/** How many bytes each shares with the one before, then what follows them. */
function afterPrefixes(body: Uint8Array, count: number): Texts | undefined {
  const shared = deltaValues(body, Int32Array, count);
  const suffixes = shared && afterLengths(body.subarray(shared.end), count);
  if (!suffixes) return undefined;
  let [before, sum] = [new Uint8Array(0), 0];
  for (const [i, suffix] of suffixes.entries()) {
    const prefix = shared.values[i]!;
    if (prefix < 0 || prefix > before.length) return undefined;
    const text = new Uint8Array(prefix + suffix!.length);
    sum += text.length;
    if (sum > MAX_BYTES) return undefined;
    text.set(before.subarray(0, prefix));
    text.set(suffix!, prefix);
    suffixes[i] = text;
    before = text;
  }
  return suffixes;
}
