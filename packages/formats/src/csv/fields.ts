/** What a field of text holds: a number, a missing value, or text. */

/** What programs write where nothing is; NaN is a number. */
const MISSING = /^\s*(?:NA|N\/A|<NA>|null|None|\\N)?\s*$/i;

export const isMissing = (field: string): boolean => MISSING.test(field);

export const isNumber = (field: string): boolean =>
  !Number.isNaN(toNumber(field)) || /^\s*[+-]?nan\s*$/i.test(field);

/** A comma in a number: decimal, or of thousands; which of them, nobody can tell. */
export const hasComma = (field: string): boolean =>
  /^\s*[+-]?\d[\d.]*(?:,\d+)+\s*$/.test(field) || hasThousands(field);

/** Three digits after each comma: thousands, likely. */
export const hasThousands = (field: string): boolean =>
  /^\s*[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?\s*$/.test(field);

/** As pandas, R and JSON write them. */
export const isBool = (field: string): boolean => /^\s*(?:true|false)\s*$/i.test(field);

const NINE = 0x39;
/** As Python writes them: neither 0x1f nor 0b1. */
const isPrefixed = (field: string): boolean => field.charCodeAt(1) > NINE && /^\s*[+-]?0[xob]/i.test(field);

/** NaN for what is no number, and for NaN; `inf` as NumPy writes it. */
export function toNumber(field: string): number {
  const value = Number(field);
  if (value === 0 && field.trim() === '') return Number.NaN;
  if (!Number.isNaN(value)) return isPrefixed(field.trimStart()) ? Number.NaN : value;
  const [, sign] = /^\s*([+-]?)inf(?:inity)?\s*$/i.exec(field) ?? [];
  return sign === undefined ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
