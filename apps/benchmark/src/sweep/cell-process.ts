/** A cell as a process of its own: `longtail sweep run-cell`, whose words go into `run.log` of the cell's folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@longtail/core/make-folder';
import { logFile } from '../run-log.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import type { Share } from './shares.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface CellProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Undefined while it runs. */
  readonly ending: () => Ending | undefined;
  /** Whether it has come to its first step, after every stage was tried. */
  readonly isAtWork: () => boolean;
}

const CLI = join(import.meta.dirname, `../cli${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`);

/** @throws the system's error where the cell's folder cannot be made */
export async function startCell(
  sweep: Sweep,
  cell: Cell,
  { share, saveEvery }: { share: Share; saveEvery?: string | undefined },
): Promise<CellProcess> {
  const folder = cellFolder(sweep, cell);
  await makeFolder(folder);
  const sizeOfLog = (): number => statSync(logFile(folder), { throwIfNoEntry: false })?.size ?? 0;
  const [before, log] = [sizeOfLog(), openSync(join(folder, 'run.log'), 'a')];
  const args = ['sweep', 'run-cell', sweep.folder, String(cell.index)];
  const more = saveEvery === undefined ? [] : ['--save-every', saveEvery];
  const child = spawn(process.execPath, [CLI, ...args, ...more], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...share },
  });
  closeSync(log);
  let found: Ending | undefined;
  const ended = new Promise<Ending>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      found ??= { code, signal };
      resolve(found);
    };
    child.on('close', end).on('error', () => end(1, null));
  });
  return { child, ended, ending: () => found, isAtWork: () => sizeOfLog() > before };
}
