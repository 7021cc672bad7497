/** Where a name stands for a part, the path of a module of one's own works as well. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const MODULE = /\.[mc]?[jt]s$/;

/** Whether it is a path of TypeScript or JavaScript that is there. */
export const isOwnModule = (name: string): boolean => MODULE.test(name) && existsSync(name);

/** A path without its ending. */
export const withoutEnding = (path: string): string => path.replace(MODULE, '');

/** What the module exports: nothing about it is known. */
export async function importOwn<Exports>(path: string): Promise<Partial<Exports>> {
  return (await import(pathToFileURL(resolve(path)).href)) as Partial<Exports>;
}
