/** Decoded pieces that are likely to be asked for again: the last one of each column, and more as long as some bytes hold them. */
import type { Decoded } from './column.ts';

const MAX_BYTES = 2 ** 27;
/** What a view of a text's bytes takes, about. */
const TEXT = 128;

export interface Kept {
  get(column: number, start: number): Decoded | undefined;
  set(column: number, start: number, decoded: Decoded): void;
}

interface Entry {
  readonly column: number;
  readonly decoded: Decoded;
  readonly bytes: number;
}

/** By a column's index, and the row that a piece starts with. */
export function keptPieces(most: number = MAX_BYTES): Kept {
  /** In the order of their last use. */
  const kept = new Map<string, Entry>();
  const last = new Map<number, string>();
  let sum = 0;
  const remove = (key: string) => {
    sum -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  const add = (key: string, entry: Entry) => {
    remove(key);
    kept.set(key, entry);
    last.set(entry.column, key);
    sum += entry.bytes;
  };
  return {
    get(column, start) {
      const key = `${column} ${start}`;
      const found = kept.get(key);
      if (found) add(key, found);
      return found?.decoded;
    },
    set(column, start, decoded) {
      add(`${column} ${start}`, { column, decoded, bytes: bytesOf(decoded) });
      for (const [key, entry] of kept) {
        if (sum <= most) return;
        if (last.get(entry.column) !== key) remove(key);
      }
    },
  };
}

function bytesOf({ values }: Decoded): number {
  if (!Array.isArray(values)) return values.byteLength;
  return values.reduce((bytes, text) => bytes + (text?.length ?? 0) + TEXT, 0);
}
