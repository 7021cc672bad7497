/**
 * Text to rows of fields (RFC 4180), strictly: quotes stand around whole fields, and are doubled inside. Where there are none,
 * which is most of all numbers, the text is cut as it is.
 */

/** Quotes that do not stand around a whole field. */
export class QuoteError extends Error {
  /** Rows before it, empty ones not counted. */
  readonly rows: number;
  constructor(rows: number) {
    super('a quote stands alone');
    this.rows = rows;
  }
}

/** @returns the rows that are not empty; CRLF or LF ends one @throws QuoteError */
export function splitCsv(text: string, delimiter: string): string[][] {
  return text.includes('"') ? splitQuoted(text, delimiter) : splitPlain(text, delimiter);
}

function splitPlain(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split('\n')) {
    const row = line.endsWith('\r') ? line.replace(/\r+$/, '') : line;
    if (row !== '') rows.push(row.split(delimiter));
  }
  return rows;
}

function splitQuoted(text: string, delimiter: string): string[][] {
  const escaped = delimiter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const field = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"\\n${escaped}]*?))(${escaped}|\\r*(?:\\n|$))`, 'y');
  const rows: string[][] = [];
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw new QuoteError(rows.length);
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === delimiter) {
      if (field.lastIndex < text.length) continue;
      row.push(''); // the text ends after a delimiter
    }
    if (row.length > 1 || row[0] !== '' || quoted !== undefined) rows.push(row);
    row = [];
  }
  return rows;
}
