/** Walks a pickle's operations through a window of the file; the bytes of arrays are stepped over. */
import { DataError } from '@longtail/core';
import type { OpenFile } from '../open-file.ts';

const WINDOW = 65_536;
const MAX_LINE = 1024;
const NEWLINE = 0x0a;

export interface Cursor {
  /** Of the next byte, from the file's start. */
  position(): number;
  /** The next bytes, at most 1 MiB. */
  take(length: number): Buffer;
  /** An unsigned little-endian integer of 1, 2, 4 or 8 bytes. */
  unsigned(bytes: 1 | 2 | 4 | 8): number;
  skip(length: number): void;
  /** Text up to a newline, which is stepped over. */
  line(): string;
  /** The error for what is wrong at the operation that began last. */
  refuse(found: string): DataError;
  /** Begins an operation: its code. */
  next(): number;
}

export function cursorOf(file: OpenFile): Cursor {
  let window: Buffer = Buffer.alloc(0);
  let [windowStart, position, operation] = [0, 0, 0];
  const refuse = (found: string): DataError =>
    new DataError(
      `${file.path}: expected a pickle of NumPy arrays, but at byte ${operation} ${found}; write it with pickle protocol 4, a dict of arrays.`,
      { path: file.path, offset: operation },
    );
  /** Makes sure that the window holds the next bytes, and steps over them; where they begin in it. */
  function step(length: number): number {
    if (position + length > file.size)
      throw refuse(`${length} bytes are to follow, and the file ends at byte ${file.size}`);
    if (position < windowStart || position + length > windowStart + window.length) {
      window = file.readNow(position, Math.min(Math.max(length, WINDOW), file.size - position));
      windowStart = position;
    }
    position += length;
    return position - length - windowStart;
  }
  function byte(): number {
    const at = step(1); // first: it may change the window
    return window[at]!;
  }
  function take(length: number): Buffer {
    const start = step(length);
    return window.subarray(start, start + length);
  }
  function line(): string {
    let text = '';
    for (let next = byte(); next !== NEWLINE; next = byte()) {
      if (text.length === MAX_LINE) throw refuse(`a name is longer than ${MAX_LINE} bytes`);
      text += String.fromCharCode(next);
    }
    return text;
  }
  return {
    position: () => position,
    take,
    unsigned: (bytes) => (bytes === 8 ? Number(take(8).readBigUInt64LE()) : take(bytes).readUIntLE(0, bytes)),
    skip(length) {
      if (position + length > file.size)
        throw refuse(`${length} bytes are to follow, and the file ends at byte ${file.size}`);
      position += length;
    },
    line,
    refuse,
    next() {
      operation = position;
      return byte();
    },
  };
}
