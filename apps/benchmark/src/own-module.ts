/** Where a name stands for a part, the path of a module of one's own works as well. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shown, UsageError } from '@longtail/core';
import { resolveFromApp } from './resolve-from-app.ts';

const MODULE = /\.[mc]?[jt]s$/;

/** Whether it is a path of TypeScript or JavaScript that is there. */
export const isOwnModule = (name: string): boolean =>
  MODULE.test(name) && statSync(name, { throwIfNoEntry: false })?.isFile() === true;

/** A path without its ending. */
export const withoutEnding = (path: string): string => path.replace(MODULE, '');

/** `mine.ts:3` where the stack tells the line, else the path. */
function placeOf(path: string, { stack = '' }: Error): string {
  const url = pathToFileURL(resolve(path)).href;
  const line = stack.split(url)[1] ?? stack.split(fileURLToPath(url))[1];
  return `${path}${/^:\d+/.exec(line ?? '')?.[0] ?? ''}`;
}

function failure(path: string, doing: string, thrown: unknown): UsageError {
  const error = thrown instanceof Error ? thrown : new Error(shown(thrown));
  const [said] = error.message.split('\n') as [string];
  const name = error.name === 'Error' || error.name === 'UsageError' ? '' : `${error.name}: `;
  return new UsageError(
    `${doing} ${placeOf(path, error)} failed (${name}${said.replace(/\.$/, '')}); mend it (longtail --verbose COMMAND shows where).`,
    { path },
    { cause: error },
  );
}

/** Runs what a module has exported. @throws UsageError naming the file where that throws */
export function inModule<Result>(path: string, doing: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw failure(path, doing, error);
  }
}

/**
 * What the module exports.
 *
 * @param options.fits what is known of the default export then
 * @param options.expected the default export in words
 * @throws UsageError naming the file: it cannot be loaded, or its default export is another thing
 */
export async function importOwn<Exports extends { readonly default: unknown }>(
  path: string,
  { expected, fits }: { expected: string; fits: (exported: never) => boolean },
): Promise<Exports> {
  resolveFromApp();
  const exports = await import(pathToFileURL(resolve(path)).href).catch((error) => {
    throw failure(path, 'loading', error);
  });
  const found = exports.default;
  if (found !== null && found !== undefined && fits(found as never)) return exports as Exports;
  const names = Object.keys(exports).filter((name) => name !== 'default');
  const instead = names.length > 0 ? `there is only ${names.join(', ')}` : 'it has none';
  throw new UsageError(
    `expected ${expected} as the default export of ${path}, but ${Object.hasOwn(exports, 'default') ? `it is ${shown(found)}` : instead}.`,
    { path },
  );
}

/** Whether all of these are functions of it. */
export const hasFunctions = (
  exported: Readonly<Record<string, unknown>>,
  names: readonly string[],
): boolean => names.every((name) => typeof exported[name] === 'function');
