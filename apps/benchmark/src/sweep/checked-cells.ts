/** The cells of a sweep's file, with everything that it names looked for before anything starts. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataError } from '@longtail/core';
import type { Recipe } from '../recipe.ts';
import type { RecipeOptions } from '../recipe-options.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import { resolvedOptions } from '../resolved-options.ts';
import { withOptions } from '../settings.ts';
import type { Cell } from './cell.ts';
import { askedCells, planCells, type ResolvedCell } from './plan.ts';
import { at, type ReadSweepFile } from './read-sweep-file.ts';

/** Options that name parts or files. */
const NAMING = ['loss', 'samplers', 'pretrained'] as const;

/**
 * @param options.known ids of the cells that the folder has
 * @throws UsageError naming file and line of a recipe, loss, sampler or file that there is not
 */
export async function checkedCells(
  { file, placeOf }: ReadSweepFile,
  { known = [] }: { known?: readonly string[] } = {},
): Promise<Cell[]> {
  const recipes = new Map<string, Recipe>();
  for (const [i, name] of [file.recipe].flat().entries()) {
    const place = placeOf(typeof file.recipe === 'string' ? ['recipe'] : ['recipe', i]);
    recipes.set(name, await at(place, () => findRecipe(name)));
  }
  const [first] = recipes.values();
  await checkNames({ file, placeOf }, first!);
  const data = file.data === undefined ? '' : resolve(file.data);
  await at(placeOf(['data']), async () => expectPictures(data, [...recipes.values()]));
  const resolved = new Map<string, Promise<RecipeOptions>>();
  const cells: ResolvedCell[] = [];
  for (const cell of askedCells(file)) {
    const recipe = recipes.get(cell.recipe)!;
    const key = JSON.stringify([cell.recipe, cell.set]);
    const options = resolved.get(key) ?? resolvedOptions(recipe, withOptions(recipe, cell.set));
    resolved.set(key, options);
    const name = recipeNames.includes(cell.recipe) ? cell.recipe : resolve(cell.recipe);
    cells.push({ ...cell, recipe: name, options: await at(placeOf(['recipe']), () => options) });
  }
  const { engine, groups } = file;
  return at(placeOf([]), () => planCells(cells, { engine, groups, data, known }));
}

/** Each where it stands. */
async function checkNames({ file, placeOf }: ReadSweepFile, recipe: Recipe): Promise<void> {
  const own = withOptions(recipe, {});
  const any = { ...recipe, needsPretrained: false };
  for (const name of NAMING) {
    const check = (place: (string | number)[], value: unknown): Promise<unknown> =>
      at(placeOf(place), () => resolvedOptions(any, { ...own, pretrained: '', [name]: value }));
    if (file.set[name] !== undefined) await check(['set', name], file.set[name]);
    for (const [i, value] of (file.grid[name] ?? []).entries()) await check(['grid', name, i], value);
    for (const [i, listed] of file.list.entries())
      if (listed[name] !== undefined) await check(['list', i, name], listed[name]);
  }
}

function expectPictures(data: string, recipes: readonly Recipe[]): void {
  const needy = recipes.find(({ needsData }) => needsData);
  if (data === '' && needy)
    throw new DataError(`the recipe ${needy.name} needs real pictures: name their folder by data: DIR.`);
  if (data !== '' && !existsSync(data))
    throw new DataError(
      `expected the pictures in ${data}, but it is not there; name their folder by data: DIR.`,
    );
}
