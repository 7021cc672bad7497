/** The results of the cells that are done as one table, whatever the others are at. */
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import { pooledCsv, pooledLines, pooledMarkdown } from '@longtail/report/files';
import { readResults } from '../read-results.ts';
import { writeJson } from '../stored-json.ts';
import { cellFolder, type Sweep } from './cell.ts';
import { cellStatuses } from './cell-status.ts';

export interface Collected {
  /** Folders of the runs that are in it. */
  readonly runs: readonly string[];
  readonly files: readonly string[];
  /** Why cells are left out that may be done. */
  readonly damaged: readonly string[];
}

/**
 * Writes table.csv, table.json and table.md: of each set of options the mean and the spread over its seeds.
 *
 * @throws DataError where no cell is done
 */
export async function collect(sweep: Sweep, out: string): Promise<Collected> {
  const statuses = await cellStatuses(sweep);
  const done = statuses.filter(({ state }) => state === 'done');
  const damaged = statuses.filter(({ state }) => state === 'damaged').map(({ sentence }) => sentence!);
  if (done.length === 0)
    throw new DataError(
      `expected a cell that is done in ${sweep.folder}, but there is none; "longtail sweep status ${sweep.folder}" says what they are at.`,
    );
  const runs = done.map(({ cell }) => cellFolder(sweep, cell));
  const results = [];
  for (const run of runs) results.push(await readResults(run));
  const files = ['table.csv', 'table.json', 'table.md'].map((name) => join(out, name));
  await writeWhole(files[0]!, pooledCsv(results));
  await writeJson(files[1]!, { cells: sweep.cells.length, done: done.length, lines: pooledLines(results) });
  const missing = sweep.cells.length - done.length;
  const note =
    missing > 0 ? `\n${done.length} of ${sweep.cells.length} cells; the others are not done.\n` : '';
  await writeWhole(files[2]!, `${pooledMarkdown(results)}${note}`);
  return { runs, files, damaged };
}
