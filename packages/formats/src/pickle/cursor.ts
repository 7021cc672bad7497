/** Walks a pickle's operations through a window of the file; the bytes of arrays are stepped over. */
import { DataError } from '@longtail/core';
import { uint64, viewOf } from '../bytes.ts';
import type { Source } from '../source.ts';

const WINDOW = 65_536;
/** What an operation may take without asking: two lines, and some numbers. */
const AHEAD = 4096;
const MAX_LINE = 1024;
const NEWLINE = 0x0a;

export interface Cursor {
  /** Of the next byte, from the file's start. */
  position(): number;
  /** The next bytes; more than some are to be there by {@link ready}. */
  take(length: number): Uint8Array;
  view(length: number): DataView;
  /** An unsigned little-endian integer of 1, 2, 4 or 8 bytes. */
  unsigned(bytes: 1 | 2 | 4 | 8): number;
  skip(length: number): void;
  /** Text up to a newline, which is stepped over. */
  line(): string;
  /** The error for what is wrong at the operation that began last. */
  refuse(found: string): DataError;
  /** Begins an operation: its code. */
  next(): number;
  /** To be awaited, where it is not undefined: moves the window on until the next `length` bytes are in it. */
  ready(length?: number): Promise<void> | undefined;
}

/**
 * @param options.start of the pickle, in bytes, and `end`: a member of a zip, or one of several in a file
 * @param options.write how to write what is read here, for messages
 */
export function cursorOf(
  source: Source,
  {
    start = 0,
    end = source.size,
    what,
    advice,
  }: { start?: number; end?: number; what: string; advice: string },
): Cursor {
  let window = new Uint8Array(0);
  let [windowStart, position, operation] = [start, start, start];
  const refuse = (found: string): DataError =>
    new DataError(`${source.path}: expected ${what}, but at byte ${operation} ${found}; ${advice}.`, {
      path: source.path,
      offset: operation,
    });
  /** Steps over the next bytes; where they begin in the window. */
  function step(length: number): number {
    if (position + length > end)
      throw refuse(`${length} bytes are to follow, and the file ends at byte ${end}`);
    position += length;
    return position - length - windowStart;
  }
  function take(length: number): Uint8Array {
    const at = step(length);
    return window.subarray(at, at + length);
  }
  function view(length: number): DataView {
    return viewOf(take(length));
  }
  const byte = (): number => window[step(1)]!;
  async function fill(length: number): Promise<void> {
    windowStart = position;
    window = await source.read(position, Math.min(Math.max(length, WINDOW), end - position));
  }
  return {
    position: () => position,
    take,
    view,
    unsigned(bytes) {
      if (bytes === 8) return uint64(take(8));
      const read = view(bytes);
      return bytes === 1 ? read.getUint8(0) : bytes === 2 ? read.getUint16(0, true) : read.getUint32(0, true);
    },
    skip: (length) => void step(length),
    line() {
      let text = '';
      for (let next = byte(); next !== NEWLINE; next = byte()) {
        if (text.length === MAX_LINE) throw refuse(`a name is longer than ${MAX_LINE} bytes`);
        text += String.fromCharCode(next);
      }
      return text;
    },
    refuse,
    next() {
      operation = position;
      return byte();
    },
    ready(length = AHEAD) {
      const windowEnd = windowStart + window.length;
      return windowEnd - position < length && windowEnd < end ? fill(length) : undefined;
    },
  };
}
