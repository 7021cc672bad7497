/** LZW as GIF has it (GIF89a, appendix F): codes of growing width, low bits first, in blocks of at most 255 bytes. */
import { badPicture } from './bad-picture.ts';
import type { PictureBytes } from './bytes.ts';

const MOST_CODES = 4096;

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
  // A code beyond the colours stands for numbers that are written already, and the one behind them.
  const [places, lengths] = [new Uint32Array(MOST_CODES + 1), new Uint32Array(MOST_CODES + 1)];
  let [codes, bits, before] = [end + 1, width + 1, 0];
  for (let written = 0; written < count; ) {
    const code = next(bits);
    if (code === -1 || code === end) throw badPicture(source, `it has ${written} of ${count} pixels`);
    if (code === clear) {
      [codes, bits, before] = [end + 1, width + 1, 0];
      continue;
    }
    if (code >= clear && (before === 0 || code > codes))
      throw badPicture(source, `code ${code} stands for nothing`);
    if (before > 0 && codes < MOST_CODES) {
      places[codes] = written - before;
      lengths[codes] = before + 1;
    }
    const length = code < clear ? 1 : lengths[code]!;
    if (code < clear) numbers[written] = code;
    else
      for (let i = 0, from = places[code]!; i < length && written + i < count; i++)
        numbers[written + i] = numbers[from + i]!;
    written += length;
    if (before > 0 && codes < MOST_CODES) {
      codes++;
      if (codes === 1 << bits && bits < 12) bits++;
    }
    before = length;
  }
  return numbers;
}
