/** Cells as processes of this machine, as many at once as it has GPUs, or cores, and memory for. */
import { UsageError } from '@longtail/core';
import { runHolder } from '../run-lock.ts';
import { STOPPED } from '../stopped.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import { DEATHS, fail, summary, titleOf, type Watched } from './cell-ends.ts';
import { failureOf, recordFailure } from './cell-failure.ts';
import { type CellProcess, startCell } from './cell-process.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { fits, peakOf } from './process-memory.ts';
import { type Share, sharesOf } from './shares.ts';
import { missingStage } from './stage-makers.ts';

/** Between looks at what could begin. */
const LOOK_MS = 500;
/** Of a process whose system does not say. */
const USUAL_BYTES = 2 ** 30;

interface Work extends Watched {
  readonly running: Map<Cell, CellProcess & { readonly share: Share }>;
  readonly idle: Share[];
  /** Bytes of one process, once measured. */
  needed: number | undefined;
}

async function launch(sweep: Sweep, cells: readonly Cell[], options: LaunchOptions): Promise<string> {
  const { signal, settings, parallel } = options;
  const work: Work = {
    ...{ sweep, options, waiting: [...cells], running: new Map(), done: 0 },
    idle: sharesOf(cells, { parallel }),
    ...{ failed: new Map(), deaths: new Map(), needed: bytesOf(settings.memory) },
  };
  const stop = (): void => {
    for (const { child } of work.running.values()) child.kill('SIGTERM');
  };
  signal.addEventListener('abort', stop);
  try {
    while (work.running.size > 0 || (work.waiting.length > 0 && !signal.aborted)) {
      if (!signal.aborted) await startFitting(work);
      await Promise.race([...[...work.running.values()].map(({ ended }) => ended), pause(LOOK_MS)]);
      for (const [cell, { ending, share }] of work.running) {
        const found = ending();
        if (!found) continue;
        work.running.delete(cell);
        work.idle.push(share);
        await settle(work, cell, found);
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  signal.throwIfAborted();
  return summary(work);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function bytesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const gigabytes = Number(text);
  if (gigabytes > 0) return gigabytes * 2 ** 30;
  throw new UsageError(`--with memory=GB takes a number above 0, but got "${text}".`);
}

/** Starts what is ready, as long as there are shares and memory. */
async function startFitting(work: Work): Promise<void> {
  for (const cell of [...work.waiting]) {
    if (work.idle.length === 0 || work.options.signal.aborted || !hasRoom(work)) return;
    const missing = await missingStage(work.sweep, cell);
    const isLost =
      missing &&
      !missing.isRunning &&
      ![...work.running.keys(), ...work.waiting].some(({ id }) => id === missing.maker);
    if (isLost) {
      take(work.waiting, cell);
      fail(work, cell, `it takes its stage 1 from cell ${missing.maker}, which failed`);
    }
    if (missing || (await runHolder(cellFolder(work.sweep, cell)))) continue;
    take(work.waiting, cell);
    const share = work.idle.shift()!;
    const process = await startCell(work.sweep, cell, { share, saveEvery: work.options.saveEvery });
    work.running.set(cell, { ...process, share });
    if (work.options.signal.aborted) process.child.kill('SIGTERM'); // it came while the process was started
  }
}

function take(waiting: Cell[], cell: Cell): void {
  waiting.splice(waiting.indexOf(cell), 1);
}

/** The first begins alone, and says what one takes once every stage has been tried and the first step is done. */
function hasRoom(work: Work): boolean {
  const running = [...work.running.values()];
  if (running.length === 0) return true;
  const seen = running
    .filter(({ isAtWork }) => isAtWork())
    .map(({ child }) => peakOf(child.pid!) ?? USUAL_BYTES);
  if (seen.length === 0 && work.needed === undefined) return false;
  work.needed = seen.reduce((most, bytes) => Math.max(most, bytes), work.needed ?? 0);
  return fits({ needed: work.needed, pids: running.map(({ child }) => child.pid!) });
}

async function settle(
  work: Work,
  cell: Cell,
  { code, signal }: { code: number | null; signal: NodeJS.Signals | null },
): Promise<void> {
  const { options, sweep, deaths, waiting } = work;
  const folder = cellFolder(sweep, cell);
  if (code === 0) {
    work.done++;
    return options.say(`${progress(work)}: ${titleOf(sweep, cell)}`);
  }
  if (options.signal.aborted) return;
  const again = (why: string): void => {
    options.say(`${cell.id} ${why}: it goes on`);
    waiting.unshift(cell);
  };
  if (code === STOPPED) return again('was stopped');
  if (signal !== null) {
    const count = (deaths.get(cell) ?? 0) + 1;
    deaths.set(cell, count);
    if (count < DEATHS) return again(`was ended by ${signal}`);
    await recordFailure(
      folder,
      `ended by ${signal} for the ${DEATHS}rd time; SIGKILL is what a system without memory sends.`,
    );
  }
  fail(
    work,
    cell,
    (await failureOf(folder)) ?? `it ended with ${code} and left no word; ${folder}/run.log may say why`,
  );
}

const progress = ({ done, failed, running, waiting }: Work): string =>
  `${done} done, ${running.size} at work, ${waiting.length} waiting${failed.size > 0 ? `, ${failed.size} failed` : ''}`;

export const local: Launcher = {
  settings: { memory: 'GB that one process takes; default: measured on the first' },
  launch,
};
