/** LZW as GIF has it (GIF89a, appendix F): codes of growing width, low bits first, in blocks of at most 255 bytes. */
import { badPicture } from './bad-picture.ts';
import type { PictureBytes } from './bytes.ts';

const MOST_BITS = 12;
const MOST_CODES = 1 << MOST_BITS;

/** The next code of `width` bits, from blocks that lie whole in the file; -1 where the last one has ended. */
function codeReader(bytes: PictureBytes): (width: number) => number {
  let [bits, count, at] = [0, 0, 0];
  let block: Uint8Array = new Uint8Array(0);
  return (width) => {
    while (count < width) {
      if (at === block.length) {
        block = bytes.take(bytes.u8());
        at = 0;
        if (block.length === 0) return -1;
      }
      bits |= block[at++]! << count;
      count += 8;
    }
    const code = bits & ((1 << width) - 1);
    bits >>>= width;
    count -= width;
    return code;
  };
}

/**
 * @param bytes at the first block
 * @param options.width bits of a colour's number, 0..8
 * @param options.count how many numbers are needed; what comes after them is not read
 * @throws DataError when there are fewer, or a code that no table has
 */
export function gifNumbers(
  bytes: PictureBytes,
  { source, width, count }: { source: string; width: number; count: number },
): Uint8Array {
  const numbers = new Uint8Array(count);
  const next = codeReader(bytes);
  const [clear, end] = [1 << width, (1 << width) + 1];
  // A code beyond the colours stands for numbers that are written already, those of the code before and one behind them.
  const [places, lengths] = [new Uint32Array(MOST_CODES + 1), new Uint32Array(MOST_CODES + 1)];
  let [codes, bits, before] = [end + 1, width + 1, 0];
  for (let written = 0; written < count; ) {
    const code = next(bits);
    if (code === -1 || code === end) throw badPicture(source, `it has ${written} of ${count} pixels`);
    if (code === clear) {
      [codes, bits, before] = [end + 1, width + 1, 0];
      continue;
    }
    const isNew = before > 0 && codes < MOST_CODES;
    if (isNew) [places[codes], lengths[codes]] = [written - before, before + 1];
    if (code > end && (before === 0 || code > codes))
      throw badPicture(source, `code ${code} stands for nothing`);
    before = code < clear ? 1 : lengths[code]!;
    if (code < clear) numbers[written] = code;
    else copyOn(numbers, { from: places[code]!, to: written, length: before });
    written += before;
    if (isNew && ++codes === 1 << bits && bits < MOST_BITS) bits++;
  }
  return numbers;
}

/** One by one: the last may be the first that is copied. */
function copyOn(
  numbers: Uint8Array,
  { from, to, length }: { from: number; to: number; length: number },
): void {
  const end = Math.min(to + length, numbers.length);
  for (let at = to; at < end; at++) numbers[at] = numbers[from + at - to]!;
}
