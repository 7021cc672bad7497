/** What the cells of a sweep take together, when each stage 1 is made once. */
import type { Estimate } from '../estimate.ts';
import type { Recipe } from '../recipe.ts';
import { statedHours } from '../stated-hours.ts';
import type { Cell } from './cell.ts';

export interface SweepCost {
  readonly cells: number;
  /** Representations that are trained, and those that would be if nothing were shared. */
  readonly trainings: number;
  readonly unshared: number;
  readonly hours: number;
  /** In bytes; absent where nothing was measured. */
  readonly disk?: number;
}

const networksOf = ({ settings }: Cell): number => settings.options.samplers.split(',').length;
const takenOf = ({ from }: Cell): number => Object.keys(from).length;

const sumOf = (cells: readonly Cell[], of: (cell: Cell) => number): number =>
  cells.reduce((sum, cell) => sum + of(cell), 0);

const counts = (cells: readonly Cell[]): Pick<SweepCost, 'cells' | 'trainings' | 'unshared'> => {
  const unshared = sumOf(cells, networksOf);
  return { cells: cells.length, unshared, trainings: unshared - sumOf(cells, takenOf) };
};

/** Cells of equal keys cost the same: other rates, losses and seeds take as long. */
export function costKey({ settings, engine }: Cell): string {
  const { learningRate, weightDecay, loss, headLearningRate, pretrained, onBadImage, ...costly } =
    settings.options;
  return JSON.stringify([settings.recipe, costly, engine]);
}

/** @param measured by {@link costKey} */
export function measuredCost(
  cells: readonly Cell[],
  measured: ReadonlyMap<string, Pick<Estimate, 'seconds' | 'disk' | 'stage1'>>,
): SweepCost {
  const left = (cell: Cell, what: 'seconds' | 'disk'): number => {
    const { [what]: whole, stage1 } = measured.get(costKey(cell))!;
    return whole - (takenOf(cell) / networksOf(cell)) * stage1[what];
  };
  return {
    ...counts(cells),
    hours: sumOf(cells, (cell) => left(cell, 'seconds')) / 3600,
    disk: sumOf(cells, (cell) => left(cell, 'disk')),
  };
}

/**
 * By what recipes state of a representation at their own epochs; stage 2 is not in it.
 *
 * @returns undefined where one does not state it
 */
export function statedCost(
  cells: readonly Cell[],
  recipes: ReadonlyMap<string, Pick<Recipe, 'name' | 'options' | 'cost'>>,
): SweepCost | undefined {
  if ([...recipes.values()].some(({ cost }) => !cost)) return undefined;
  const hoursOf = (cell: Cell): number => {
    const { recipe, options } = cell.settings;
    return (networksOf(cell) - takenOf(cell)) * statedHours(recipes.get(recipe)!, options)!;
  };
  return { ...counts(cells), hours: sumOf(cells, hoursOf) };
}
