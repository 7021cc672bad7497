/**
 * One process at a time in the folder of a run: `run.lock` says which. A lock whose process is no more, killed by whatever
 * signal, is taken over by the next; one of another machine cannot be judged from here, and stays, unless Slurm says that its job
 * is over.
 */
import { existsSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { DataError, refusal } from '@longtail/core';
import { makeFolder } from '@longtail/core/make-folder';
import * as z from 'zod';
import { isOver, thisJob } from './slurm/this-job.ts';

/** The process that is at work. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** When the process began, by the system's own count: numbers of processes are given again. */
  readonly birth: string;
  /** Of Slurm. */
  readonly job?: string | undefined;
}

const holderSchema: z.ZodType<Holder> = z.object({
  pid: z.int().min(1),
  host: z.string(),
  since: z.string(),
  birth: z.string(),
  job: z.string().optional(),
});

/**
 * Holds the folder until the returned function is called or the process ends.
 *
 * @param folder of a run; made where it is not there, and removed again if nothing comes into it
 * @throws DataError naming who holds it: process, machine, since when
 * @example
 * const release = await holdRun('runs/demo-seed-0');
 */
export async function holdRun(folder: string): Promise<() => void> {
  const path = join(folder, 'run.lock');
  const made = firstMissing(folder);
  await refusing(path, () => makeFolder(folder));
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    birth: birthOf(process.pid),
    job: thisJob(),
  };
  const text = `${JSON.stringify(own)}\n`;
  while (!(await refusing(path, () => placed(path, text)))) {
    const found = await refusing(path, () => ifThere(readFile(path, 'utf8')));
    if (found === undefined) continue; // let go since
    const holder = holderOf(found);
    if (holder && (await isHeld(holder))) throw heldBy(folder, holder);
    await refusing(path, () => removed(path, found));
  }
  const release = (): void => {
    process.off('exit', release);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path, { force: true });
    if (made !== undefined) removeEmpty(folder, made);
  };
  process.on('exit', release);
  return release;
}

/** @throws DataError for what the system refuses */
async function refusing<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const found = refusal(cause, { of: path })?.found ?? (cause as Error).message;
    throw new DataError(
      `expected to hold the run by ${path}, but ${found}; mend that, or name another folder with --out.`,
      { path },
      { cause },
    );
  }
}

const ifThere = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/** The uppermost of the folders that must be made for one; undefined where it is there. */
function firstMissing(folder: string): string | undefined {
  if (existsSync(folder)) return undefined;
  const above = dirname(folder);
  return above === folder ? folder : (firstMissing(above) ?? folder);
}

/** From a folder up to the first that was made for it. */
function removeEmpty(folder: string, made: string): void {
  try {
    for (let at = folder; at.startsWith(made); at = dirname(at)) rmdirSync(at);
  } catch {
    // something is in it: a run
  }
}

/** Whether the lock is ours now: with its content at once, so that nobody finds it empty. */
async function placed(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.tmp`;
  const isOurs = (placing: Promise<void>): Promise<boolean> =>
    placing.then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
  try {
    await writeFile(temporary, text);
    // On a file system without links another process may find the lock empty, and take it over.
    return await isOurs(link(temporary, path)).catch(() => isOurs(writeFile(path, text, { flag: 'wx' })));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a lock that nobody holds, unless another process has done so and placed its own meanwhile. */
async function removed(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  await ifThere(rename(path, aside));
  const found = await ifThere(readFile(aside, 'utf8'));
  if (found === undefined) return;
  if (found !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Who holds a run, where somebody does: asked, not waited for. */
export async function runHolder(folder: string): Promise<Holder | undefined> {
  const found = await ifThere(readFile(join(folder, 'run.lock'), 'utf8'));
  const holder = found === undefined ? undefined : holderOf(found);
  return holder && (await isHeld(holder)) ? holder : undefined;
}

/** Undefined for a lock that was cut short: by a machine that went down. */
function holderOf(text: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function isHeld({ pid, host, birth, job }: Holder): Promise<boolean> {
  // A job runs in one place: started again on this machine, it no more runs on the other.
  if (host !== hostname()) return !job || (job !== thisJob() && !(await isOver(job)));
  try {
    process.kill(pid, 0); // asks, and sends nothing
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return birthOf(pid) === birth;
}

/** Start of the machine and, in its clock's ticks, of the process; '' where the system has no /proc. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const START = 19; // after the name, which may hold anything, in parentheses
    return `${boot} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[START]}`;
  } catch {
    return '';
  }
}

function heldBy(folder: string, { pid, host, since }: Holder): DataError {
  const isHere = host === hostname();
  const advice = isHere
    ? 'wait for its end, or end it'
    : `wait for its end; if it runs no more, delete ${join(folder, 'run.lock')}`;
  return new DataError(
    `${folder} is in use by process ${pid} on ${isHere ? 'this machine' : host} since ${since}; ${advice}, or name another folder with --out.`,
    { folder, pid, host, since },
  );
}
