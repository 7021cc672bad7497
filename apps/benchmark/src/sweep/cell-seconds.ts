/** How long cells take, by those that are done, and when the others will be. */
import { readResults } from '../read-results.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import type { CellStatus } from './cell-status.ts';

/** Whether a cell trains anything itself. */
const isMaker = ({ settings, from }: Cell): boolean =>
  settings.options.samplers.split(',').length > Object.keys(from).length;

/** Of a cell that is done, without the trainings that it took from others. */
async function secondsOf(sweep: Sweep, cell: Cell): Promise<number> {
  const { seconds = 0, history = [] } = await readResults(cellFolder(sweep, cell));
  const taken = history.filter(({ sampler }) => Object.hasOwn(cell.from, sampler));
  return Math.max(
    0,
    taken.reduce((sum, epoch) => sum - epoch.seconds, seconds),
  );
}

const meanOf = (values: readonly number[]): number | undefined =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;

/**
 * @returns the seconds of work that are left, of one process; undefined as long as no cell is done
 */
export async function secondsLeft(
  sweep: Sweep,
  statuses: readonly CellStatus[],
): Promise<number | undefined> {
  const done = statuses.filter(({ state }) => state === 'done');
  const measured: { isMaker: boolean; seconds: number }[] = [];
  for (const { cell } of done)
    measured.push({ isMaker: isMaker(cell), seconds: await secondsOf(sweep, cell) });
  const usual = (kind: boolean): number | undefined =>
    meanOf(measured.filter((one) => one.isMaker === kind).map(({ seconds }) => seconds)) ??
    meanOf(measured.map(({ seconds }) => seconds));
  let left = 0;
  for (const { cell, state, trained, sentence } of statuses) {
    if (state === 'done' || sentence !== undefined) continue;
    const seconds = usual(isMaker(cell));
    if (seconds === undefined) return undefined;
    left += seconds * (isMaker(cell) ? 1 - trained : 1);
  }
  return left;
}
