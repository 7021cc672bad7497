/** `longtail sweep FILE --dry-run`: how many runs, hours and bytes, before anything is written. */
import { counted, size } from '@longtail/report/results';
import { freeBytes } from '../disk-room.ts';
import { type Estimate, estimate } from '../estimate.ts';
import type { Recipe } from '../recipe.ts';
import { findRecipe } from '../recipes.ts';
import { type Cell, cellFolder } from '../sweep/cell.ts';
import { costKey, measuredCost, type SweepCost, statedCost } from '../sweep/sweep-cost.ts';
import { check } from './check.ts';
import { type EngineFlags, engineOf, picturesOf } from './context.ts';
import { print, printJson, tell } from './terminal.ts';

/** Nothing is written where the runs would lie. @throws as `longtail run --dry-run` */
export async function sweepDryRun(
  folder: string,
  cells: readonly Cell[],
  { signal, measure, json }: { signal: AbortSignal; measure: boolean; json: boolean },
): Promise<void> {
  const recipes = new Map<string, Recipe>();
  for (const { settings } of cells) recipes.set(settings.recipe, await findRecipe(settings.recipe));
  const stated = measure ? undefined : statedCost(cells, recipes);
  const places = new Set([...recipes.values()].map(({ cost }) => cost?.on));
  const found = stated
    ? { ...stated, on: [...places].join(', '), by: 'stated' as const }
    : { ...(await measured(folder, cells, { recipes, signal })), by: 'measured' as const };
  const free = await freeBytes(folder);
  if (json) return printJson({ folder, ...found, ...(free !== undefined && { free }) });
  print(text(folder, found, free));
}

/** Tries one of each kind of cells. */
async function measured(
  folder: string,
  cells: readonly Cell[],
  { recipes, signal }: { recipes: ReadonlyMap<string, Recipe>; signal: AbortSignal },
): Promise<SweepCost & { on: string }> {
  const kinds = new Map<string, Estimate>();
  let on = '';
  const first = new Map(cells.toReversed().map((cell) => [costKey(cell), cell]));
  for (const [key, cell] of [...first].reverse()) {
    const recipe = recipes.get(cell.settings.recipe)!;
    const engine = await engineOf(cell.engine as EngineFlags, { signal });
    on = engine.device === 'gpu' ? 'a GPU' : 'the CPU';
    const reading = picturesOf(recipe, cell.settings);
    const place = { folder: cellFolder({ folder }, cell), settings: cell.settings, recipe };
    const run = { ...place, engine, signal, data: () => reading, onProgress: () => {} };
    tell(`measuring ${kinds.size + 1} of ${first.size}: ${cell.settings.command}`);
    kinds.set(key, await estimate(run, await check(run)));
  }
  return { ...measuredCost(cells, kinds), on };
}

function text(
  folder: string,
  { cells, trainings, unshared, hours, disk, on, by }: SweepCost & { on: string; by: 'stated' | 'measured' },
  free: number | undefined,
): string {
  const shared = unshared > trainings ? `, shared where ${unshared} would be needed` : '';
  const source =
    by === 'stated' ? 'as the recipes state it, without stage 2; --measure tries it here' : 'measured here';
  const room = free === undefined ? '' : `, where ${size(free)} are free`;
  return [
    `runs    ${cells}, of ${counted(trainings, 'training', 'trainings')} of a representation${shared}`,
    `time    about ${hours < 10 ? hours.toPrecision(2) : Math.round(hours)} hours of ${on} (${source})`,
    `disk    ${disk === undefined ? 'not measured' : `about ${size(disk)}`} in ${folder}${room}`,
  ].join('\n');
}
