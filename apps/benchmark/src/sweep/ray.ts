/**
 * Cells as jobs of Ray. Ray knows no arrays, no dependencies and no second start: whoever launches stays, gives each cell to Ray
 * once its stage 1 is there, and again when it was stopped. A later launcher finds the jobs of the one before by their metadata.
 */
import { setTimeout } from 'node:timers/promises';
import { UsageError } from '@longtail/core';
import { counted } from '@longtail/report/results';
import { type RayClient, type RayJob, rayClient } from '../ray/jobs.ts';
import { STOPPED } from '../stopped.ts';
import { type Cell, cellFolder, type Sweep } from './cell.ts';
import { DEATHS, fail, summary, type Watched } from './cell-ends.ts';
import { failureOf } from './cell-failure.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { COMMAND_HELP, longtailCommand, runCell } from './longtail-command.ts';
import { readAddress, writeAddress } from './ray-address.ts';
import { missingStage } from './stage-makers.ts';

const { RAY_API_SERVER_ADDRESS: ADDRESS = 'http://127.0.0.1:8265' } = process.env;
/** Between looks at Ray's jobs. */
const LOOK_MS = 2000;

interface Work extends Watched {
  readonly client: RayClient;
  /** With the job of each. */
  readonly running: Map<Cell, string>;
}

const isAlive = ({ status }: RayJob): boolean => status === 'PENDING' || status === 'RUNNING';

const isOf =
  (sweep: Sweep) =>
  ({ metadata }: RayJob): boolean =>
    metadata?.sweep === sweep.folder;

async function launch(sweep: Sweep, cells: readonly Cell[], options: LaunchOptions): Promise<string> {
  const { signal, settings } = options;
  const address = settings.address ?? ADDRESS;
  const client = rayClient(address);
  const none = { running: new Map(), failed: new Map(), deaths: new Map(), done: 0 };
  const work: Work = { sweep, client, options, waiting: [...cells], ...none };
  for (const { submission_id: id, metadata } of (await client.list()).filter(isOf(sweep)).filter(isAlive)) {
    const cell = sweep.cells.find((one) => one.id === metadata?.cell);
    if (!cell || id === null) continue;
    if (work.waiting.includes(cell)) work.waiting.splice(work.waiting.indexOf(cell), 1);
    work.running.set(cell, id);
  }
  await writeAddress(sweep, address);
  while (work.running.size > 0 || (work.waiting.length > 0 && !signal.aborted)) {
    if (signal.aborted) await Promise.all([...work.running.values()].map((id) => client.stop(id)));
    else await submitReady(work);
    await setTimeout(LOOK_MS, undefined, signal.aborted ? {} : { signal }).catch(() => {});
    const jobs = new Map((await client.list()).map((job) => [job.submission_id, job]));
    for (const [cell, id] of work.running) {
      const job = jobs.get(id);
      if (job && isAlive(job)) continue;
      work.running.delete(cell);
      await settle(work, cell, job);
    }
  }
  signal.throwIfAborted();
  return summary(work);
}

async function submitReady(work: Work): Promise<void> {
  const { sweep, client, waiting, running, options } = work;
  for (const cell of [...waiting]) {
    if (running.size >= (options.parallel ?? Number.POSITIVE_INFINITY)) return;
    const missing = await missingStage(sweep, cell);
    const isLost =
      missing &&
      !missing.isRunning &&
      ![...running.keys(), ...waiting].some(({ id }) => id === missing.maker);
    if (isLost) {
      waiting.splice(waiting.indexOf(cell), 1);
      fail(work, cell, `it takes its stage 1 from cell ${missing.maker}, which failed`);
    }
    if (missing) continue;
    waiting.splice(waiting.indexOf(cell), 1);
    const id = `longtail-${cell.id}-${Date.now()}`;
    await client.submit({ submission_id: id, ...jobOf(sweep, cell, options) });
    running.set(cell, id);
  }
}

function jobOf(
  sweep: Sweep,
  cell: Cell,
  { settings, saveEvery }: LaunchOptions,
): Omit<Parameters<RayClient['submit']>[0], 'submission_id'> {
  const [cpus, gpus] = [numberOf(settings, 'cpus', 1), numberOf(settings, 'gpus', 0)];
  const memory = numberOf(settings, 'memory', 0);
  const threads = process.env.OMP_NUM_THREADS ?? String(Math.max(1, Math.floor(cpus)));
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('LONGTAIL_'));
  return {
    entrypoint: runCell(cell.index, { command: longtailCommand(settings), folder: sweep.folder, saveEvery }),
    entrypoint_num_cpus: cpus,
    entrypoint_num_gpus: gpus,
    ...(memory > 0 && { entrypoint_memory: memory * 2 ** 30 }),
    metadata: { sweep: sweep.folder, cell: cell.id },
    runtime_env: { env_vars: { ...Object.fromEntries(own as [string, string][]), OMP_NUM_THREADS: threads } },
  };
}

function numberOf(settings: Readonly<Record<string, string>>, key: string, usual: number): number {
  const value = settings[key] === undefined ? usual : Number(settings[key] || Number.NaN);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new UsageError(`--with ${key}=NUMBER takes a number, 0 or more, but got "${settings[key]}".`);
}

/** Of the shell command; undefined where Ray does not say. */
const exitOf = ({ driver_exit_code: code, message }: RayJob): number | undefined =>
  code ?? (Number(/exit code (-?\d+)/.exec(message ?? '')?.[1]) || undefined);

/** @param job as it ended; undefined where Ray knows of none any more */
async function settle(work: Work, cell: Cell, job: RayJob | undefined): Promise<void> {
  const { options, sweep, deaths, waiting } = work;
  if (job?.status === 'SUCCEEDED') {
    work.done++;
    return options.say(
      `${work.done} done, ${work.running.size} in Ray, ${waiting.length} waiting: ${cell.id}`,
    );
  }
  if (options.signal.aborted) return;
  if (job?.status === 'STOPPED') return fail(work, cell, 'it was stopped in Ray');
  const code = job && exitOf(job);
  const sentence = await failureOf(cellFolder(sweep, cell));
  if (sentence !== undefined) return fail(work, cell, sentence);
  const count = code === STOPPED ? 0 : (deaths.get(cell) ?? 0) + 1;
  deaths.set(cell, count);
  if (count >= DEATHS)
    return fail(
      work,
      cell,
      `it ended ${DEATHS} times without a word; Ray says: ${job?.message ?? 'nothing'}`,
    );
  options.say(`${cell.id} ${code === STOPPED ? 'was stopped' : 'was killed'}: it goes on`);
  waiting.unshift(cell);
}

async function cancel(sweep: Sweep): Promise<string | undefined> {
  const address = await readAddress(sweep);
  if (address === undefined) return undefined;
  const client = rayClient(address);
  const jobs = (await client.list()).filter(isOf(sweep)).filter(isAlive);
  for (const { submission_id: id } of jobs) if (id !== null) await client.stop(id);
  return jobs.length > 0 ? `${counted(jobs.length, 'job was', 'jobs were')} stopped in Ray` : undefined;
}

export const ray: Launcher = {
  settings: {
    address: `of Ray's dashboard (default: RAY_API_SERVER_ADDRESS, else ${ADDRESS})`,
    cpus: 'of a cell (default: 1)',
    gpus: 'of a cell, or a part of one (default: 0)',
    memory: 'GB that Ray is to keep for a cell',
    command: COMMAND_HELP,
  },
  launch,
  cancel,
};
