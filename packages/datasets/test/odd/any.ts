/** What may happen to a file of any kind: it is cut, bits of it change, or something follows it. */
import { type Random, random } from '@longtail/core';

/** A changed file and what was done to it, in a word. */
export type Odd = readonly [change: string, file: Uint8Array];

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A copy with other bytes from `at` on. */
export function patched(file: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(bytes, at);
  return copy;
}

function flipped(file: Uint8Array, within: number, numbers: Random): Uint8Array {
  const at = numbers.integer(Math.min(within, file.length));
  return patched(file, at, file[at]! ^ (1 << numbers.integer(8)));
}

export function* anyOdd(name: string, file: Uint8Array): Generator<Odd, void, undefined> {
  const numbers = random(17, 'odd', name);
  yield ['whole', file];
  for (const share of [0.25, 0.5, 0.75]) yield [`cut-${share}`, file.slice(0, file.length * share)];
  yield ['cut-1', file.slice(0, -1)];
  yield ['cut-3', file.slice(0, -3)];
  yield ['followed', joined(file, new Uint8Array(20))];
  for (let i = 0; i < 3; i++) yield [`flip-${i}`, flipped(file, 80, numbers)];
  for (let i = 3; i < 6; i++) yield [`flip-${i}`, flipped(file, file.length, numbers)];
  yield ['zeros', patched(file, numbers.integer(file.length - 8), ...new Uint8Array(8))];
}
