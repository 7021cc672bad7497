/** How much a checkpoint may list: a few kilobytes of objects that share one another could list without end. */
import { DataError } from '@longtail/core';
import type { Source } from '../source.ts';

const MAX_ARRAYS = 200_000;
/** Characters of all names. */
const MAX_NAMES = 2 ** 24;
/** Objects looked at, those that are shared each time. */
const MAX_VISITS = 2 ** 19;

export interface Bounds {
  /** The name, or another where it is taken. @throws DataError when there are too many */
  named(name: string): string;
  /** @throws DataError when too many objects are looked at */
  visited(): void;
}

export function boundsOf({ path }: Source): Bounds {
  const names = new Map<string, number>();
  let [visits, characters] = [0, 0];
  const check = (fits: boolean, found: string) => {
    if (fits) return;
    throw new DataError(
      `${path}: expected a checkpoint of at most ${MAX_ARRAYS} arrays, but ${found}; save fewer objects in it.`,
      { path },
    );
  };
  return {
    visited() {
      visits++;
      check(visits <= MAX_VISITS, `its objects hold one another more than ${MAX_VISITS} times`);
    },
    named(name) {
      let free = name;
      for (let count = (names.get(name) ?? 0) + 1; names.has(free); count++) {
        names.set(name, count);
        free = `${name} (${count})`;
      }
      names.set(free, 1);
      characters += free.length;
      check(names.size <= MAX_ARRAYS, 'there are more');
      check(characters <= MAX_NAMES, `their names take ${characters} characters`);
      return free;
    },
  };
}
