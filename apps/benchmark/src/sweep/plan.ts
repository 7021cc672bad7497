/**
 * From the file of a sweep to its cells. Cells that need the same stage 1, which is of equal recipe, sampler, seed, training
 * options and engine, share it: the first of them makes it, the others take its files.
 */
import { UsageError } from '@longtail/core';
import { checkRecipeOptions, optionNames, optionsOf, type RecipeOptions } from '../recipe-options.ts';
import { samplerLabel } from '../samplers.ts';
import type { Cell } from './cell.ts';
import { hashOf } from './short-hash.ts';
import type { SweepFile } from './sweep-file.ts';
import { shellWord } from './yaml-file.ts';

/** A cell as the file asks for it, before its recipe is looked at. */
export interface AskedCell {
  readonly recipe: string;
  readonly seed: number;
  /** What the file says of options; the others are the recipe's. */
  readonly set: Partial<RecipeOptions>;
}

/** Recipes, list, grid, seeds: the last runs fastest. */
export function askedCells({ recipe, seeds, set, grid, list }: SweepFile): AskedCell[] {
  const recipes = typeof recipe === 'string' ? [recipe] : recipe;
  const numbers = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i) : seeds;
  const gridded = Object.entries(grid).reduce<Partial<RecipeOptions>[]>(
    (cells, [name, values]) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value }))),
    [{}],
  );
  return recipes.flatMap((one) =>
    list.flatMap((listed) =>
      gridded.flatMap((cell) =>
        numbers.map((seed) => ({ recipe: one, seed, set: { ...set, ...cell, ...listed } })),
      ),
    ),
  );
}

/** A cell whose recipe is known: all of its options. */
export interface ResolvedCell extends AskedCell {
  readonly options: RecipeOptions;
}

/**
 * @param options.data whole path, '' for none
 * @param options.known ids of cells that have a number already: they come first, in this order
 * @throws UsageError where two cells are the same
 */
export function planCells(
  asked: readonly ResolvedCell[],
  {
    engine,
    groups,
    data = '',
    known = [],
  }: Pick<SweepFile, 'engine' | 'groups' | 'data'> & { known?: readonly string[] },
): Cell[] {
  const named = new Map<string, ResolvedCell>();
  for (const cell of asked) {
    const id = idOf(cell, engine);
    if (named.has(id))
      throw new UsageError(
        `a sweep has each cell once, but this one is there twice: ${commandOf(cell, { engine, data, groups })}.`,
      );
    named.set(id, cell);
  }
  const order = [
    ...known.filter((id) => named.has(id)),
    ...[...named.keys()].filter((id) => !known.includes(id)),
  ];
  const makers = new Map<string, Cell>();
  return order.map((id, index) => {
    const { recipe, seed, options, ...rest } = named.get(id)!;
    const keys = options.samplers
      .split(',')
      .map((sampler) => [sampler, hashOf([recipe, sampler, seed, optionsOf('train', options)])] as const);
    const taken = keys.flatMap(([sampler, key]) => {
      const maker = makers.get(key);
      return maker ? [[samplerLabel(sampler), maker] as const] : [];
    });
    const command = commandOf({ recipe, seed, ...rest }, { engine, data, groups });
    const cell: Cell = {
      index,
      id,
      wave: taken.reduce((wave, [, maker]) => Math.max(wave, maker.wave + 1), 0),
      from: Object.fromEntries(taken.map(([sampler, maker]) => [sampler, maker.id])),
      settings: { recipe, seed, options, data, command },
      engine,
      groups,
    };
    for (const [, key] of keys) if (!makers.has(key)) makers.set(key, cell);
    return cell;
  });
}

/** Options that nobody changes have no part in it, so that ids stay where later versions have more options. */
function idOf({ recipe, seed, options }: ResolvedCell, engine: SweepFile['engine']): string {
  const defaults = checkRecipeOptions({}, { of: 'nobody' });
  const changed = optionNames.filter((name) => options[name] !== defaults[name]).sort();
  const { backend, device, autocast = 'none' } = engine;
  return hashOf([recipe, seed, changed.map((name) => [name, options[name]]), backend, device, autocast]);
}

/** What computes the same without a sweep. */
function commandOf(
  { recipe, seed, set }: AskedCell,
  { engine, data, groups }: Pick<SweepFile, 'engine' | 'data' | 'groups'>,
): string {
  const { backend, device, autocast } = engine;
  const options = Object.entries(set).map(([name, value]) => shellWord(`${name}=${value}`));
  return [
    `longtail run ${shellWord(recipe)} --seed ${seed}`,
    ...(data ? [`--data ${shellWord(data)}`] : []),
    ...(options.length > 0 ? [`--set ${options.join(' ')}`] : []),
    ...(groups === 'official' ? [] : [`--groups ${groups}`]),
    ...(backend === 'auto' ? [] : [`--backend ${backend}`]),
    ...(device === 'auto' ? [] : [`--device ${device}`]),
    ...(autocast === undefined ? [] : [`--autocast ${autocast}`]),
  ].join(' ');
}
