/** A million strings without a million objects: their UTF-8 bytes one after another, and where each ends. */

export interface CompactStrings {
  readonly length: number;
  /** Decoded anew with each call. */
  at(index: number): string;
}

export interface CompactStringsBuilder {
  push(text: string): void;
  finish(): CompactStrings;
}

/** The same numbers in an array of twice the length. */
function doubled<T extends Uint32Array | Int32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(2 * array.length);
  larger.set(array);
  return larger;
}

/** An Int32Array that grows. */
export function growingInt32(): { push(value: number): void; finish(): Int32Array } {
  let [values, length] = [new Int32Array(1024), 0];
  return {
    push(value) {
      if (length === values.length) values = doubled(values);
      values[length++] = value;
    },
    finish: () => values.slice(0, length),
  };
}

/** @param options.bytes how many bytes to begin with: a good guess saves copies */
export function compactStrings({ bytes = 65_536 }: { bytes?: number } = {}): CompactStringsBuilder {
  let [buffer, ends, length] = [Buffer.allocUnsafeSlow(Math.max(1, bytes)), new Uint32Array(1024), 0];
  return {
    push(text) {
      const start = length ? ends[length - 1]! : 0;
      const needed = start + Buffer.byteLength(text);
      if (needed > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * buffer.length));
        buffer.copy(larger, 0, 0, start);
        buffer = larger;
      }
      if (length === ends.length) ends = doubled(ends);
      buffer.write(text, start);
      ends[length++] = needed;
    },
    finish() {
      const [all, to, count] = [buffer, ends.slice(0, length), length];
      return { length: count, at: (i) => all.toString('utf8', i > 0 ? to[i - 1]! : 0, to[i]!) };
    },
  };
}
