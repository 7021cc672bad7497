/** What a cell is at, read from the folder of its run and from nothing else. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, LongtailError } from '@longtail/core';
import { readResults } from '../read-results.ts';
import { runHolder } from '../run-lock.ts';
import { runStatus } from '../run-status.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import { failureOf } from './cell-failure.ts';

/** `damaged`: its run cannot be read. */
export type CellState = 'done' | 'running' | 'failed' | 'waiting' | 'damaged';

export interface CellStatus {
  readonly cell: Cell;
  readonly state: CellState;
  /** Of the work of its trainings, 0..1; 1 where all are over. */
  readonly trained: number;
  /** Whether an earlier version trained it, whose numbers are others. */
  readonly isOlder?: boolean;
  /** Why it failed, or waits in vain, or cannot be read. */
  readonly sentence?: string;
}

/** By which its results are; a file of a sweep may ask for others later. */
const groupsOf = async (folder: string): Promise<string | undefined> =>
  (await readResults(folder)).protocol?.groupRule;

async function cellStatus(sweep: Sweep, cell: Cell): Promise<CellStatus> {
  try {
    return await readStatus(sweep, cell);
  } catch (error) {
    if (!(error instanceof LongtailError)) throw error;
    const { path = join(cellFolder(sweep, cell), 'run.json') } = error.details;
    const sentence =
      error instanceof DataError
        ? `${path} is damaged; delete it and start the sweep again, which keeps what else is there`
        : error.message;
    return { cell, state: 'damaged', trained: 0, sentence };
  }
}

/** @throws DataError where the folder of a run is damaged */
async function readStatus(sweep: Sweep, cell: Cell): Promise<CellStatus> {
  const folder = cellFolder(sweep, cell);
  if (!existsSync(join(folder, 'run.json'))) {
    const [holder, sentence] = [await runHolder(folder), await failureOf(folder)];
    if (holder) return { cell, state: 'running', trained: 0 };
    return { cell, state: sentence ? 'failed' : 'waiting', trained: 0, ...(sentence && { sentence }) };
  }
  const { running, samplers, reported, settings } = await runStatus(folder);
  const { epochs } = settings.options;
  const trained = samplers.reduce((sum, { epoch }) => sum + Math.min(1, epoch / epochs), 0) / samplers.length;
  if (running) return { cell, state: 'running', trained };
  const isOfThese = settings.data === cell.settings.data; // else its stamps say whether the pictures are the same
  if (reported && isOfThese && (await groupsOf(folder)) === cell.groups)
    return { cell, state: 'done', trained, isOlder: samplers.some(({ isOlder }) => isOlder) };
  const sentence = await failureOf(folder);
  return { cell, state: sentence ? 'failed' : 'waiting', trained, ...(sentence && { sentence }) };
}

/** Of all cells; those that wait for a stage 1 that will not come say so, and those of an earlier version beside others. */
export async function cellStatuses(sweep: Sweep): Promise<CellStatus[]> {
  const all = await eachStatus(sweep);
  const done = all.filter(({ state }) => state === 'done');
  if (done.every(({ isOlder }) => isOlder)) return all;
  return all.map((one) => (one.isOlder ? { ...one, state: 'failed', sentence: olderText(sweep, one) } : one));
}

const olderText = (sweep: Sweep, { cell }: CellStatus): string =>
  `an earlier version made it, whose numbers are not those of the other cells; delete ${cellFolder(sweep, cell)}, and start the sweep again`;

async function eachStatus(sweep: Sweep): Promise<CellStatus[]> {
  const all = new Map<string, CellStatus>();
  for (const cell of sweep.cells) {
    const found = await cellStatus(sweep, cell);
    const lost = Object.values(cell.from)
      .map((id) => all.get(id))
      .find(isLost);
    const isStuck = found.state === 'waiting' && found.trained === 0 && lost !== undefined;
    const sentence = `it takes its stage 1 from cell ${lost?.cell.id}, which ${lost?.state === 'damaged' ? 'is damaged' : 'failed'}`;
    all.set(cell.id, isStuck ? { ...found, sentence } : found);
  }
  return [...all.values()];
}

const isLost = (maker: CellStatus | undefined): boolean =>
  maker !== undefined && maker.sentence !== undefined && maker.trained < 1;
