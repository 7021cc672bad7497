/** Options as they come from JavaScript. */
import { checkOneOf, checkOptions, checkStrings, InputError, shown } from '@longtail/core';
import type { OpenOptions } from './readers.ts';

/** @throws InputError naming the first that is given and is none */
export function checkOpenOptions<T extends OpenOptions>(options: T, { of }: { of: string }): T {
  const { format, name, header, delimiter, nulls } = checkOptions(options, { of });
  checkStrings(given({ format, name, delimiter }));
  checkOneOf(given({ header }), [true, false]);
  checkOneOf(given({ nulls }), ['refuse', 'nan']);
  return options;
}

/** Those that are not left to their defaults. */
export const given = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** @throws InputError unless each is a list of texts, of which none comes twice */
export function checkNames(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    const refuse = (found: string): never => {
      throw new InputError(`${name} must be a list of different names, but ${found}.`, { [name]: value });
    };
    if (!Array.isArray(value)) refuse(`it is ${shown(value)}`);
    const names = value as unknown[];
    if (names.length === 0) refuse('it is empty');
    const wrong = names.findIndex((item) => typeof item !== 'string');
    if (wrong >= 0) refuse(`${name}[${wrong}] is ${shown(names[wrong])}`);
    const seen = new Set<unknown>();
    for (const item of names) {
      if (seen.has(item)) refuse(`${shown(item)} comes twice`);
      seen.add(item);
    }
  }
}
