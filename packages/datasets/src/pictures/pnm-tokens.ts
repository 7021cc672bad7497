/** The words of a portable anymap: between white space, comments from # to the line's end left out. */
import { badPicture } from './bad-picture.ts';

const SPACES = new Set(Array.from(' \t\n\v\f\r', (char) => char.charCodeAt(0)));
const [COMMENT, LF, CR, ZERO, NINE] = [0x23, 0x0a, 0x0d, 0x30, 0x39];
/** As in Pillow: a longer number is none. */
const MOST_DIGITS = 10;

export interface PnmTokens {
  /** Behind the white space that ended the last word. */
  at(): number;
  /** @throws DataError when the next word is no number, or there is none */
  number(): number;
  /** @throws DataError when there is no next digit; of a plain bitmap, whose bits need no space between them */
  bit(): number;
}

export function pnmTokens(
  bytes: Uint8Array,
  { source, start }: { source: string; start: number },
): PnmTokens {
  let at = start;
  /** The next byte that is not of a comment; undefined at the end. */
  const next = (): number | undefined => {
    while (bytes[at] === COMMENT) {
      while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
      at++;
    }
    return bytes[at++];
  };
  const digit = (byte: number | undefined): number => {
    if (byte === undefined) throw badPicture(source, 'it is cut short');
    if (byte >= ZERO && byte <= NINE) return byte - ZERO;
    throw badPicture(source, `the byte ${byte} at ${at - 1} is no digit`);
  };
  const first = (): number | undefined => {
    for (;;) {
      const byte = next();
      if (byte === undefined || !SPACES.has(byte)) return byte;
    }
  };
  return {
    at: () => at,
    number() {
      let value = digit(first());
      for (let digits = 1; ; digits++) {
        const byte = next();
        if (byte === undefined || SPACES.has(byte)) return value;
        if (digits === MOST_DIGITS) throw badPicture(source, `a number of more than ${MOST_DIGITS} digits`);
        value = value * 10 + digit(byte);
      }
    },
    bit() {
      const value = digit(first());
      if (value > 1) throw badPicture(source, `a bit is ${value}`);
      return value;
    },
  };
}
