/** One damaged file from well-formed ones: the changes that fuzzers make (AFL's havoc stage), from a seeded stream. */
import type { Random } from '@longtail/core';

const BYTES = [0, 1, 0x0a, 0x22, 0x28, 0x2e, 0x7b, 0x7f, 0x80, 0xff];
const INTEGERS = [0n, 1n, -1n, 0x7fn, 0xffn, 0x7fffn, 0x7fffffffn, 0x80000000n, 2n ** 53n, 2n ** 63n - 1n];
const TOKENS = [
  '',
  '0',
  '-1',
  '1e999',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  'NaN',
  '0.5',
].concat(['null', 'true', '[]', '{}', '"a"', '[[0]]', '{"a":[1]}', '"__proto__"', '"constructor"']);

/** Half of the places lie in the first or last 256 bytes: headers and directories. */
function place(length: number, rng: Random): number {
  const whole = Math.max(1, length);
  const near = rng.integer(Math.min(256, whole));
  return [near, whole - 1 - near, rng.integer(whole), rng.integer(whole)][rng.integer(4)]!;
}

/** A range of at most 64 bytes, seldom of any length. */
function range(length: number, rng: Random): [start: number, end: number] {
  const start = place(length, rng);
  return [start, Math.min(length, start + 1 + rng.integer(rng.integer(8) === 0 ? length + 1 : 64))];
}

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const pick = <T>(items: readonly T[], rng: Random): T => items[rng.integer(items.length)]!;

type Change = (file: Uint8Array, rng: Random, files: readonly Uint8Array[]) => Uint8Array;

function changeByte(value: (old: number, rng: Random) => number): Change {
  return (file, rng) => {
    const at = place(file.length, rng);
    file[at] = value(file[at]!, rng);
    return file;
  };
}

/** An integer of 2, 4 or 8 bytes in either order: lengths, offsets, counts. */
const writeInteger: Change = (file, rng) => {
  const bytes = 2 << rng.integer(3);
  if (file.length < bytes) return file;
  const at = Math.min(place(file.length, rng), file.length - bytes);
  const word = new DataView(new ArrayBuffer(8));
  word.setBigUint64(0, BigInt.asUintN(64, pick(INTEGERS, rng)), true);
  const value = new Uint8Array(word.buffer, 0, bytes);
  file.set(rng.integer(2) ? value : value.reverse(), at);
  return file;
};

/** Something else where text has a number, a list or a string: what stays well-formed JSON, of another type. */
const writeToken: Change = (file, rng) => {
  const text = Buffer.from(file).toString('latin1');
  const at = place(file.length, rng);
  const found = /\d+|\[[^\][]*\]|"[^"]*"/.exec(text.slice(at, at + 4096));
  if (!found) return file;
  const [start, end] = [at + found.index, at + found.index + found[0].length];
  return joined(file.subarray(0, start), Buffer.from(pick(TOKENS, rng)), file.subarray(end));
};

const CHANGES: readonly Change[] = [
  changeByte((old, rng) => old ^ (1 << rng.integer(8))),
  changeByte((_, rng) => pick(BYTES, rng)),
  changeByte((_, rng) => rng.integer(256)),
  changeByte((old, rng) => old + rng.integer(33) - 16),
  writeInteger,
  writeInteger,
  writeToken,
  (file, rng) => file.subarray(0, place(file.length, rng)),
  (file, rng) => file.fill(pick(BYTES, rng), ...range(file.length, rng)),
  (file, rng) => {
    const [start, end] = range(file.length, rng);
    return joined(file.subarray(0, start), file.subarray(end));
  },
  (file, rng) => {
    const [start, end] = range(file.length, rng);
    return joined(file.subarray(0, end), file.subarray(start));
  },
  (file, rng, files) => {
    const other = pick(files, rng);
    const [start, end] = range(other.length, rng);
    const at = place(file.length, rng);
    return joined(file.subarray(0, at), other.subarray(start, end), file.subarray(at + rng.integer(64)));
  },
];

/** One to five changes to one of `files`; one input in fifty is empty or noise. */
export function mutated(files: readonly Uint8Array[], rng: Random): Uint8Array {
  if (rng.integer(50) === 0) return Uint8Array.from({ length: rng.integer(200) }, () => rng.integer(256));
  let file = Uint8Array.from(pick(files, rng));
  const changes = 1 + rng.integer(5);
  for (let i = 0; i < changes; i++) file = Uint8Array.from(pick(CHANGES, rng)(file, rng, files));
  return file;
}
