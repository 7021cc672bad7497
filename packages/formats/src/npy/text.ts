/** Arrays of text in NumPy: `<U10` are 10 characters of UCS-4 each, `|S10` 10 bytes; zeros fill what is shorter. */
import { DataError } from '@longtail/core';
import { type StoredArray, shown, title } from '../stored-array.ts';

export interface TextType {
  readonly kind: 'U' | 'S';
  /** Of one element. */
  readonly bytes: number;
  readonly bigEndian: boolean;
}

export interface TextArray extends StoredArray {
  /** How they lie in the file, or the texts themselves. */
  readonly text: TextType | readonly string[];
}

/** Of one text; what np.save makes of labels and paths has some hundred. */
const MAX_BYTES = 2 ** 16;
const CHARACTER = 4;

/** @param code `U10` @param order `<`, `>`, `|` or `=` @returns undefined for anything but text */
export function numpyText(code: string, order: string): TextType | undefined {
  const [, kind, length] = /^([US])(\d+)$/.exec(code) ?? [];
  if (!kind) return undefined;
  const bytes = Number(length) * (kind === 'U' ? CHARACTER : 1);
  return bytes > 0 && bytes <= MAX_BYTES
    ? { kind: kind as 'U' | 'S', bytes, bigEndian: order === '>' }
    : undefined;
}

export const textsOf = (array: StoredArray): TextArray['text'] | undefined =>
  (array as Partial<TextArray>).text;

/** @returns texts [end - start] of an array of one axis @throws DataError where one is none */
export async function readTexts(array: StoredArray, start: number, end: number): Promise<string[]> {
  const { source, offset, text, shape } = array as TextArray;
  if (!text || shape.length === 0 || shape.slice(1).some((size) => size !== 1))
    throw new DataError(
      `${source.path}: expected texts [n] in ${title(array)}, but it is ${array.typeName} ${shown(shape)}.`,
      { path: source.path, array: array.name },
    );
  if (!('bytes' in text)) return text.slice(start, end);
  const bytes = await source.read(offset + start * text.bytes, (end - start) * text.bytes);
  return Array.from({ length: end - start }, (_, i) => {
    const found = decoded(bytes.subarray(i * text.bytes, (i + 1) * text.bytes), text);
    if (found !== undefined) return found;
    throw new DataError(
      `${source.path}: expected text in ${title(array)}, but row ${start + i} is none; write it again.`,
      { path: source.path, array: array.name, row: start + i },
    );
  });
}

function decoded(bytes: Uint8Array, { kind, bigEndian }: TextType): string | undefined {
  try {
    if (kind === 'S') {
      const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end));
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = '';
    for (let at = 0; at < bytes.length; at += CHARACTER) {
      text += String.fromCodePoint(view.getUint32(at, !bigEndian));
    }
    return text.replace(/\0+$/, '');
  } catch {
    return undefined; // no UTF-8, or no character has that number
  }
}
