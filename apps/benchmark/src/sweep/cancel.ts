/** Asks whatever works on a sweep to stop: cells save and end, and the command of the sweep goes on with them. */
import { hostname } from 'node:os';
import { counted } from '@longtail/report/results';
import { type Holder, runHolder } from '../run-lock.ts';
import { cellFolder, type Sweep } from './cell.ts';
import { everyLauncher } from './launcher.ts';

/** @returns what was done, a sentence a line */
export async function cancel(sweep: Sweep, { say }: { say: (sentence: string) => void }): Promise<string[]> {
  const done: string[] = [];
  for (const [, launcher] of await everyLauncher()) {
    const sentence = await launcher.cancel?.(sweep, { say });
    if (sentence !== undefined) done.push(sentence);
  }
  // The process of `longtail sweep` stops its cells itself: a second signal would end them before they have saved.
  const launcher = await runHolder(sweep.folder);
  const isHere = launcher?.host === hostname();
  if (launcher && isHere) {
    process.kill(launcher.pid, 'SIGTERM');
    return [...done, `process ${launcher.pid} was asked to stop its cells`];
  }
  const cells: Holder[] = [];
  for (const cell of sweep.cells) {
    const holder = await runHolder(cellFolder(sweep, cell));
    if (holder && !holder.job) cells.push(holder); // Slurm's were signalled by it already
  }
  const here = cells.filter(({ host }) => host === hostname());
  for (const { pid } of here) process.kill(pid, 'SIGTERM');
  if (here.length > 0) done.push(`${counted(here.length, 'cell was', 'cells were')} asked to stop`);
  for (const { host, pid } of cells.filter(({ host }) => host !== hostname()))
    done.push(`process ${pid} on ${host} is at work as well: stop it there`);
  return done.length > 0 ? done : ['nothing is at work'];
}
