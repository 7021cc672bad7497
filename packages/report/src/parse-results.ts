/** Results from outside: a file's text, or what another program computed. */
import { checkOptions, DataError, shown } from '@longtail/core';
import type * as z from 'zod';
import type { Results } from './results.ts';
import { resultsSchema } from './results-schema.ts';

/**
 * @param given the text of a JSON file, or its value
 * @param options.path of the file, for the error
 * @returns the results, without keys that are not of the form
 * @throws DataError with the first value that is wrong: where it is, what was expected, what was found;
 *   `details` has `path` (of the file) and `at` (of the value: `['rows', 0, 'scores', 'all']`)
 * @example
 * const results = parseResults(await readFile('results.json', 'utf8'), { path: 'results.json' });
 */
export function parseResults(given: unknown, options: { readonly path?: string } = {}): Results {
  const { path = 'the results' } = checkOptions(options, { of: 'parseResults' });
  const value = typeof given === 'string' ? parsedJson(given, path) : given;
  const { data, error } = resultsSchema.safeParse(value);
  if (!error) return data;
  const [issue] = error.issues;
  const at = issue!.path as (string | number)[];
  const place = at.reduce<string>(
    (text, key) => `${text}${typeof key === 'number' ? `[${key}]` : `.${key}`}`,
    '',
  );
  throw new DataError(
    `${path}${place && `, ${place.slice(1)}`}: ${said(issue!, valueAt(value, at))}; correct it.`,
    {
      path,
      at,
    },
  );
}

const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce((inside, key) => (inside as Record<string | number, unknown> | undefined)?.[key], value);

function said(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'custom') return issue.message;
  const issues = issue.code === 'invalid_union' ? issue.errors.flat() : [issue];
  const expected = issues.map(
    ({ message }) => /expected (.*?)(?:, received .*)?$/.exec(message)?.[1] ?? message,
  );
  return `expected ${expected.join(' or ')}, but got ${found === undefined ? 'nothing' : shown(found)}`;
}

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')); // as some editors begin a file
  } catch (cause) {
    const found = (cause as Error).message.replaceAll(/\s+/g, ' ');
    throw new DataError(
      `expected JSON in ${path}, but got something else (${found}); correct it.`,
      { path },
      { cause },
    );
  }
}
