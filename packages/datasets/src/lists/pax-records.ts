/** What a PAX header says of the file after it: records `LENGTH KEY=VALUE\n`, whose values may have newlines (the tar package's reader has not). */
import { TarError } from './tar-error.ts';

export interface PaxRecords {
  readonly path?: string;
  readonly linkpath?: string;
  /** Of the content, bytes. */
  readonly size?: number;
  /** GNU's way of leaving out what is zero. */
  readonly isSparse?: true;
}

const [SPACE, NEWLINE] = [0x20, 0x0a];

/**
 * @param bytes of the header's content
 * @param at where they lie in the tar, for messages
 * @throws TarError when a record is none
 */
export function paxRecords(bytes: Buffer, at: number): PaxRecords {
  let records: PaxRecords = {};
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(SPACE, start);
    const digits = bytes.toString('latin1', start, Math.min(space, start + 10));
    const end = start + Number(digits);
    const isRecord =
      /^\d+$/.test(digits) && end > space + 1 && end <= bytes.length && bytes[end - 1] === NEWLINE;
    if (space < 0 || !isRecord) throw new TarError('there is no record of an extended header', at + start);
    const record = bytes.toString('utf8', space + 1, end - 1);
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)];
    if (key === 'path' || key === 'linkpath') records = { ...records, [key]: value };
    else if (key === 'size') records = { ...records, size: /^\d+$/.test(value) ? Number(value) : Number.NaN };
    else if (key.startsWith('GNU.sparse.')) records = { ...records, isSparse: true };
    start = end;
  }
  return records;
}
