/**
 * Checks of what a caller hands over, from JavaScript too. Each throws an InputError in one sentence: the argument's name,
 * what it must be, what it is. Arguments come as `{ name: value }`, so that a name is written once.
 */
import { InputError } from './errors.ts';
import { isTensor, isTyped, shown } from './shown.ts';

type Named = Readonly<Record<string, unknown>>;

function refuse(name: string, { expected, value }: { expected: string; value: unknown }): never {
  const remedy = isTensor(Object(value)) ? '; give its values, `await tensor.data()`' : '';
  throw new InputError(`${name} must be ${expected}, but it is ${shown(value)}${remedy}.`, { [name]: value });
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** @throws InputError naming the first that is no object, or a list */
export function checkObjects(values: Named): void {
  for (const [name, value] of Object.entries(values))
    if (!isRecord(value)) refuse(name, { expected: 'an object', value });
}

/**
 * @param of the function that the options are of
 * @returns the same options
 * @throws InputError unless they are an object: a number there would pass for the defaults
 * @example
 * const { beta = 0.9999 } = checkOptions(options, { of: 'effectiveNumberWeights' });
 */
export function checkOptions<T extends object>(options: T, { of }: { of: string }): T {
  checkObjects({ [`the options of ${of}`]: options });
  return options;
}

/**
 * @param least default 1
 * @throws InputError naming the first that is not a safe integer from least to most
 * @example
 * checkIntegers({ batchSize, ranks });
 */
export function checkIntegers(
  values: Named,
  { least = 1, most = Number.POSITIVE_INFINITY }: { least?: number; most?: number } = {},
): void {
  const expected = `an integer ${Number.isFinite(most) ? `from ${least} to ${most}` : `>= ${least}`}`;
  for (const [name, value] of Object.entries(values))
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
      refuse(name, { expected, value });
}

/**
 * @param below a bound that is not itself allowed, as most is
 * @throws InputError naming the first that is not a finite number in the range
 * @example
 * checkNumbers({ beta }, { least: 0, below: 1 });
 */
export function checkNumbers(
  values: Named,
  { least, most, above, below }: { least?: number; most?: number; above?: number; below?: number } = {},
): void {
  const isFit = (value: unknown): boolean =>
    Number.isFinite(value) &&
    (value as number) >= (least ?? Number.NEGATIVE_INFINITY) &&
    (value as number) <= (most ?? Number.POSITIVE_INFINITY) &&
    (value as number) > (above ?? Number.NEGATIVE_INFINITY) &&
    (value as number) < (below ?? Number.POSITIVE_INFINITY);
  for (const [name, value] of Object.entries(values))
    if (!isFit(value)) refuse(name, { expected: rangeText({ least, most, above, below }), value });
}

function rangeText({ least, most, above, below }: { [bound: string]: number | undefined }): string {
  const [low, high] = [least ?? above, most ?? below];
  if (low !== undefined && high !== undefined)
    return `a number in ${least === undefined ? '(' : '['}${low}, ${high}${most === undefined ? ')' : ']'}`;
  if (low !== undefined) return `a number ${least === undefined ? 'above' : '>='} ${low}`;
  return high === undefined ? 'a finite number' : `a number ${most === undefined ? 'below' : '<='} ${high}`;
}

/** @throws InputError naming the first that is none of the choices */
export function checkOneOf(values: Named, choices: readonly (string | boolean)[]): void {
  for (const [name, value] of Object.entries(values))
    if (!choices.includes(value as string))
      refuse(name, { expected: `one of ${choices.map(String).join(', ')}`, value });
}

/** @throws InputError naming the first that is no string */
export function checkStrings(values: Named): void {
  for (const [name, value] of Object.entries(values))
    if (typeof value !== 'string') refuse(name, { expected: 'a string', value });
}

/** @throws InputError naming the first that is no function */
export function checkFunctions(values: Named): void {
  for (const [name, value] of Object.entries(values))
    if (typeof value !== 'function') refuse(name, { expected: 'a function', value });
}

/** @throws InputError naming the first that is neither an array nor a typed array */
export function checkLists(values: Named): void {
  for (const [name, value] of Object.entries(values))
    if (!Array.isArray(value) && !isTyped(value))
      refuse(name, { expected: 'an array or a typed array', value });
}
