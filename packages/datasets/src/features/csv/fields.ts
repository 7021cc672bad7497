/** The fields of one row (RFC 4180): a field in double quotes may hold the delimiter, newlines, and quotes twice over. */

/** @returns the fields, without their quotes; undefined when a quote stands where none may */
export function fieldsOf(row: string, delimiter: string): string[] | undefined {
  if (!row.includes('"')) return row.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; at <= row.length; ) {
    const quoted = row[at] === '"';
    const end = quoted ? closingQuote(row, at + 1) + 1 : nextOrEnd(row, delimiter, at);
    const field = quoted ? row.slice(at + 1, end - 1).replaceAll('""', '"') : row.slice(at, end);
    if (end === 0 || (end < row.length && row[end] !== delimiter) || (!quoted && field.includes('"')))
      return undefined;
    fields.push(field);
    at = end + 1;
  }
  return fields;
}

function nextOrEnd(row: string, delimiter: string, from: number): number {
  const at = row.indexOf(delimiter, from);
  return at < 0 ? row.length : at;
}

/** The first quote that is not one of two; -1 when there is none. */
function closingQuote(row: string, from: number): number {
  let at = row.indexOf('"', from);
  while (at >= 0 && row[at + 1] === '"') at = row.indexOf('"', at + 2);
  return at;
}
