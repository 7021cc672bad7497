/** A table test of what functions do with wrong arguments: an error in one sentence, or a result without NaN. */
import { expect, it } from 'vitest';

const WRONG: readonly unknown[] = [
  ...[undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1.5, 2 ** 40],
  ...['', '1', 'toString', 1n, true, Symbol('s'), () => 0],
  ...[
    {},
    [],
    [null],
    [1n],
    ['1'],
    [Number.NaN],
    [-3],
    [2 ** 40],
    Object.create(null),
    new Map(),
    new Date(Number.NaN),
  ],
  ...[new Int32Array(0), BigInt64Array.of(-1n), BigInt64Array.of(1n), new DataView(new ArrayBuffer(8))],
];

/** A function, and what it takes as it should be. What the function gives is awaited and looked through for NaN. */
export type ArgumentRow = [run: (...given: never[]) => unknown, ...given: unknown[]];

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The value with one place in it wrong: itself, an option, or an item. */
function* spoilt(value: unknown, wrong: readonly unknown[]): Generator<unknown> {
  yield* wrong;
  if (isPlain(value))
    for (const key of Object.keys(value)) for (const bad of wrong) yield { ...value, [key]: bad };
  if (Array.isArray(value) && value.length > 0) for (const bad of wrong) yield value.with(-1, bad);
}

function hasNaN(value: unknown): boolean {
  if (typeof value === 'number') return Number.isNaN(value);
  if (ArrayBuffer.isView(value))
    return value instanceof Float32Array || value instanceof Float64Array ? value.some(Number.isNaN) : false;
  if (Array.isArray(value)) return value.some(hasNaN);
  return isPlain(value) && Object.values(value).some(hasNaN);
}

const shown = (value: unknown): string =>
  isPlain(value)
    ? `{ ${Object.entries(value)
        .map(([key, item]) => `${key}: ${shown(item)}`)
        .join(', ')} }`
    : typeof value === 'string'
      ? `'${value}'`
      : Array.isArray(value)
        ? `[${value.map(shown).join(', ')}]`
        : typeof value === 'bigint'
          ? `${value}n`
          : Object.prototype.toString.call(value) === '[object Object]'
            ? 'an object'
            : String(value);

async function complaint(
  call: () => unknown,
  isTyped: (error: unknown) => boolean,
): Promise<string | undefined> {
  try {
    return hasNaN(await call()) ? 'gives NaN' : undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return isTyped(error) && /^[^\n]{10,400}\.$/.test(message) ? undefined : `throws ${name}: ${message}`;
  }
}

/**
 * Calls every function with every wrong argument, one at a time.
 *
 * @param table by the functions' names
 * @param options.isTyped whether an error is one that is thrown on purpose
 * @param options.wrong more wrong values, tensors of other shapes for instance
 */
export function testArguments(
  table: Readonly<Record<string, ArgumentRow>>,
  { isTyped, wrong = [] }: { isTyped: (error: unknown) => boolean; wrong?: readonly unknown[] },
): void {
  it.each(Object.entries(table))(
    '%s: wrong arguments are refused in a sentence',
    async (name, [run, ...given]) => {
      const call = run as (...given: unknown[]) => unknown;
      expect(await complaint(() => call(...given), isTyped), `${name} as it should be`).toBeUndefined();
      const complaints: string[] = [];
      for (const [i, value] of given.entries())
        for (const bad of spoilt(value, [...WRONG, ...wrong])) {
          const found = await complaint(() => call(...given.with(i, bad)), isTyped);
          if (found) complaints.push(`${name}, argument ${i + 1} = ${shown(bad)}: ${found}`);
        }
      expect(complaints).toEqual([]);
    },
  );
}
