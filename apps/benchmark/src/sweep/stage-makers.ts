/** Whether a cell can begin: the stage 1 that it takes is there. */
import { runHolder } from '../run-lock.ts';
import { samplerLabel } from '../samplers.ts';
import { hasStages, takeStages } from '../take-stages.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import { failureOf } from './cell-failure.ts';

/** Samplers whose stage 1 comes from another cell, with that cell's id. */
function takenBy({ settings, from }: Cell): { sampler: string; maker: string }[] {
  const samplers = settings.options.samplers.split(',');
  return samplers.flatMap((sampler) => {
    const maker = from[samplerLabel(sampler)];
    return maker === undefined ? [] : [{ sampler, maker }];
  });
}

/** Of a cell whose stage 1 is not there yet. */
export interface Missing {
  /** Id of the cell that makes it. */
  readonly maker: string;
  readonly isRunning: boolean;
  /** Why that cell failed, if it did. */
  readonly failure?: string | undefined;
}

/** What keeps a cell from beginning; undefined where nothing does. */
export async function missingStage(sweep: Sweep, cell: Cell): Promise<Missing | undefined> {
  for (const { sampler, maker } of takenBy(cell)) {
    const from = cellFolder(sweep, { id: maker });
    const isThere =
      (await hasStages(from, cell.settings, sampler)) ||
      (await hasStages(cellFolder(sweep, cell), cell.settings, sampler));
    if (isThere) continue;
    const isRunning = (await runHolder(from)) !== undefined;
    return { maker, isRunning, failure: isRunning ? undefined : await failureOf(from) };
  }
  return undefined;
}

/** Puts what other cells have made into the cell's folder, where it is not there already. */
export async function takeMissing(sweep: Sweep, cell: Cell): Promise<void> {
  const to = cellFolder(sweep, cell);
  for (const { sampler, maker } of takenBy(cell))
    await takeStages(cellFolder(sweep, { id: maker }), to, { settings: cell.settings, sampler });
}
