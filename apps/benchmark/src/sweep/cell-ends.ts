/** How cells end where whoever launches them stays and watches: as processes of this machine, and as jobs of Ray. */
import { LongtailError } from '@longtail/core';
import { counted } from '@longtail/report/results';
import { type Cell, cellTitle, type Sweep } from './cell.ts';
import type { LaunchOptions } from './launcher.ts';

/** Ends without a word, by a signal that nobody here sent, for want of memory or with the node, after which a cell has failed. */
export const DEATHS = 3;

export interface Watched {
  readonly sweep: Sweep;
  readonly options: LaunchOptions;
  /** Those that have not begun, or are to go on. */
  readonly waiting: Cell[];
  /** With the sentence of each. */
  readonly failed: Map<Cell, string>;
  readonly deaths: Map<Cell, number>;
  done: number;
}

export const titleOf = (sweep: Sweep, cell: Cell): string => `${cell.id} (${cellTitle(cell, sweep.cells)})`;

export function fail({ sweep, failed, options }: Watched, cell: Cell, sentence: string): void {
  failed.set(cell, sentence);
  options.say(`failed: ${titleOf(sweep, cell)}: ${sentence}`);
}

/** @throws LongtailError where cells failed, with the sentence of each */
export function summary({ sweep, done, failed }: Watched): string {
  if (failed.size === 0)
    return `${counted(done, 'cell', 'cells')} done; next: longtail sweep collect ${sweep.folder}`;
  const lines = [...failed].map(([cell, sentence]) => `  ${titleOf(sweep, cell)}: ${sentence}`);
  throw new LongtailError(
    `${counted(failed.size, 'cell', 'cells')} failed, ${done} done:\n${lines.join('\n')}\nThe same command tries them again; longtail sweep collect ${sweep.folder} has the others.`,
  );
}
