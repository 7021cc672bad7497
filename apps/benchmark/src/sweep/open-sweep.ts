/** The folder of a sweep: `sweep.jsonl` has a line a cell, `runs/ID` the run of each. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import { checkRecipeOptions } from '../recipe-options.ts';
import { type Cell, cellSchema, type Sweep } from './cell.ts';

const listOf = (folder: string): string => join(folder, 'sweep.jsonl');

/** Ids of the cells that the folder has, in their order; none where it holds no sweep. */
export const knownCells = async (folder: string): Promise<string[]> =>
  existsSync(listOf(folder)) ? (await openSweep(folder)).cells.map(({ id }) => id) : [];

/**
 * Writes down the cells. A file that grows makes its sweep grow; cells that it asks for no more are refused.
 *
 * @param cells as planned with those that are known first
 * @param options.from the sweep's file, for what is said
 * @throws UsageError where the folder holds cells that are not asked for any more
 */
export async function beginSweep(
  folder: string,
  cells: readonly Cell[],
  { from }: { from: string },
): Promise<Sweep> {
  const asked = new Set(cells.map(({ id }) => id));
  const known = existsSync(listOf(folder)) ? (await openSweep(folder)).cells : [];
  const lost = known.find(({ id }) => !asked.has(id));
  if (lost)
    throw new UsageError(
      `${folder} holds a sweep with the cell ${lost.id} (${lost.settings.command}), which ${from} does not ask for; ask for it, name another folder with --out, or, where no scheduler has cells of it, delete ${listOf(folder)}: the runs stay.`,
    );
  await writeWhole(listOf(folder), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
  return { folder, cells };
}

/** @throws DataError when the folder holds no sweep, or a line of it is damaged */
export async function openSweep(folder: string): Promise<Sweep> {
  const path = listOf(folder);
  if (!existsSync(path))
    throw new DataError(
      `expected the cells of a sweep in ${path}, but it is not there; run "longtail sweep FILE --out ${folder}" before.`,
      { path },
    );
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const cells = lines.map((line, index) => cellOf(line, { path, index }));
  return { folder, cells };
}

function cellOf(line: string, { path, index }: { path: string; index: number }): Cell {
  const damaged = (found: string, cause?: unknown): DataError =>
    new DataError(
      `expected a cell in ${path}:${index + 1}, but ${found}; run "longtail sweep FILE" again after deleting ${path}: the runs stay.`,
      { path },
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
  const { success, error } = cellSchema.safeParse(value);
  if (!success) throw damaged(error.issues[0]!.message, error);
  const cell = value as Cell;
  if (cell.index !== index) throw damaged(`found number ${cell.index}`);
  const options = checkRecipeOptions(cell.settings.options, { of: `${path}:${index + 1}` });
  return { ...cell, settings: { ...cell.settings, options } };
}
