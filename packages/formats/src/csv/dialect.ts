/** How a CSV is written, from its first rows: what separates fields, whether the first row holds names, what a column holds. */
import { isLabelName } from '../usual-names.ts';
import { hasComma, isBool, isMissing, isNumber } from './fields.ts';

const DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

/**
 * The delimiter that splits the first rows into equally many fields, more than one; of several, the one that leaves the most
 * numbers.
 *
 * @param split the first rows by a delimiter; undefined where its quotes do not fit
 * @returns a comma where none does: of a single column
 */
export function delimiterOf(split: (delimiter: string) => readonly string[][] | undefined): string {
  let [best, most] = [',', -1];
  for (const delimiter of DELIMITERS) {
    const rows = split(delimiter);
    const width = rows?.[0]?.length ?? 0;
    if (!rows || width < 2 || rows.some((row) => row.length !== width)) continue;
    const fields = rows.flat();
    const share = fields.filter((field) => isNumber(field) || hasComma(field)).length / fields.length;
    if (share > most) [best, most] = [delimiter, share];
  }
  return best;
}

export type Kind = 'number' | 'bool' | 'text' | 'blank';

/** By the first field that is not missing; of bools, by all of them, because any word may stand between true and false. */
export function kindsOf(rows: readonly string[][], columns: number): Kind[] {
  return Array.from({ length: columns }, (_, i) => {
    const isThere = (field: string | undefined) => field !== undefined && !isMissing(field);
    const field = rows.find((row) => isThere(row[i]))?.[i];
    if (field === undefined) return 'blank';
    if (isNumber(field) || hasComma(field)) return 'number';
    if (!isBool(field)) return 'text';
    return rows.every((row) => !isThere(row[i]) || isBool(row[i]!)) ? 'bool' : 'text';
  });
}

/** 0, 1, 2, ...: what pandas calls columns that have no names. */
const areCounted = (names: readonly string[]): boolean => names.every((name, i) => name.trim() === String(i));

/**
 * Whether the first row holds names: where a column of numbers begins with something else, or with a blank beside what pandas
 * calls its columns; where its numbers count 0, 1, 2, ..., or stand beside a usual name; or all is text. What comes again in
 * its column is no name.
 *
 * @returns undefined for a 0 alone above numbers, which may be either
 */
export function hasHeader([first = [], ...rows]: readonly string[][]): boolean | undefined {
  const kinds = kindsOf(rows, first.length);
  const numbers = first.filter(isNumber);
  const isCounted = areCounted(numbers);
  if (numbers.length === first.length)
    return isCounted && (first.length > 1 || kinds[0] === 'text' || undefined);
  const isWord = (i: number) => kinds[i] === 'text' || kinds[i] === 'bool';
  const isValue = (field: string, i: number) =>
    (kinds[i] === 'number' && isNumber(field)) || (kinds[i] === 'bool' && isBool(field));
  if (first.some((field, i) => !isNumber(field) && !isWord(i) && !isMissing(field))) return true;
  if (first.some((field, i) => isWord(i) && rows.some((row) => row[i] === field))) return false;
  if (isCounted && numbers.length > 1) return true;
  const mayBeNames = numbers.every((number) => /^\d+$/.test(number));
  if (mayBeNames && (first[0]!.trim() === '' || first.some(isLabelName))) return true;
  return !first.some(isValue);
}
