/**
 * The lists of the official long-tailed sets (Liu et al. 2019): a line a picture, `path label`. Read as a stream, so a
 * million lines take the room of their paths.
 */
import { statSync } from 'node:fs';
import { checkOptions, DataError } from '@longtail/core';
import { expectPath } from '../arguments.ts';
import { type PictureList, type PictureListBuilder, pictureListBuilder } from './picture-list.ts';
import { fileBytes } from './text-file.ts';

/** Longer than any path may be: what is no list is noticed before it fills the memory. */
const LONGEST_LINE = 16_384;
const [NEWLINE, RETURN] = [0x0a, 0x0d];
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

function addLine(list: PictureListBuilder, line: string, place: string): void {
  const found = /^(.*\S)[ \t]+(\S+)$/s.exec(line);
  const label = found && /^[+-]?\d+$/.test(found[2]!) ? Number(found[2]) : Number.NaN;
  if (!found || Number.isNaN(label))
    throw new DataError(
      `expected "path label" in ${place}, but found ${JSON.stringify(line.slice(0, 80))}; mend the line, or fetch the list again.`,
      { place },
    );
  list.add(found[1]!, label, place);
}

/** Cuts bytes into lines; what is left after the last newline comes with `finish`. */
function lineCutter(source: string, onLine: (line: string, number: number) => void) {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  const line = (bytes: Buffer, from: number, to: number) => {
    const start = number === 0 && bytes.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
    onLine(
      bytes.toString('utf8', from + start, to > from && bytes[to - 1] === RETURN ? to - 1 : to),
      ++number,
    );
  };
  return {
    push(chunk: Buffer) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        line(bytes, from, to);
        from = to + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > LONGEST_LINE)
        throw new DataError(
          `expected a list of pictures in ${source}, but line ${number + 1} is longer than ${LONGEST_LINE} bytes; give a text file of "path label" lines.`,
          { source },
        );
    },
    finish: () => rest.length > 0 && line(rest, 0, rest.length),
  };
}

/**
 * Windows' line ends, a byte order mark and spaces in paths are fine; an empty line is so at the end only. `.gz` is read
 * as what it holds.
 *
 * @param source path of the list
 * @param options.numClasses labels are 0 .. numClasses - 1; default: 0 .. 2^31 - 2
 * @throws DataError that names file and line: no label, a label out of range, an absolute path, `..`, not UTF-8
 * @example
 * const list = await readListFile('ImageNet_LT_train.txt', { numClasses: 1000 });
 */
export async function readListFile(
  source: string,
  options: { numClasses?: number } = {},
): Promise<PictureList> {
  expectPath('source', source);
  const { numClasses } = checkOptions(options, { of: 'readListFile' });
  const bytes = statSync(source, { throwIfNoEntry: false })?.size ?? 0;
  const list = pictureListBuilder(source, { bytes, ...(numClasses !== undefined && { numClasses }) });
  let empty = 0;
  const lines = lineCutter(source, (line, number) => {
    if (line.trim() === '') {
      empty ||= number;
      return;
    }
    if (empty)
      throw new DataError(
        `expected "path label" in ${source}, line ${empty}, but it is empty; remove the line.`,
        { source, line: empty },
      );
    addLine(list, line, `${source}, line ${number}`);
  });
  for await (const chunk of fileBytes(source)) lines.push(chunk);
  lines.finish();
  return list.finish();
}
