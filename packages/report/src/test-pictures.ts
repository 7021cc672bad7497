/** Whether runs were tested on the same pictures: a mean of their scores is of one set only then. */
import type { Pool } from './pooled.ts';
import type { Results } from './results.ts';

/** SHA-256 of what a run was tested on at last. */
const testPictures = ({ made = [] }: Results): string | undefined =>
  made.findLast(({ pictures }) => pictures)?.pictures?.test;

/** @returns null where some do not say what they were tested on, and the others agree */
export function haveSameTestPictures(runs: readonly Results[]): boolean | null {
  const known = runs.map(testPictures).filter((hash) => hash !== undefined);
  if (new Set(known).size > 1) return false;
  return known.length === runs.length ? true : null;
}

/**
 * What a mean over these runs mixes; for the reader to judge, since a recipe may draw its pictures by the seed.
 * @returns a sentence, or '' where nothing is mixed
 * @example
 * testPicturesNote(pooled([seed0, seed1])); // '' where all were tested on the same pictures
 */
export function testPicturesNote(pools: readonly Pool[]): string {
  const names = pools.filter((pool) => pool.sameTestPictures === false).map(({ name }) => name);
  if (names.length === 0) return '';
  return `${names.join('; ')}: not all runs were tested on the same pictures. Differences between seeds are those of the pictures, too; where no seed draws them, these runs are not to be pooled.`;
}
