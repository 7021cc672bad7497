/**
 * The threads of a loader. A job goes to all of them, so that none waits while another has work left. They start in 0.2 s,
 * so the last loader's are kept for the next epoch; at rest they do not keep the process alive.
 */
import { Worker } from 'node:worker_threads';
import type { Answer, Failure, Job } from './messages.ts';

export interface Threads {
  readonly count: number;
  /** @returns the failures, by place, once every picture of the job is done. Rejects when a thread ends by itself. */
  run(job: Omit<Job, 'id'>): Promise<readonly Failure[]>;
  /** Leaves what is not begun, and waits for what is. */
  release(): Promise<void>;
}

interface Crew extends Threads {
  readonly isBroken: () => boolean;
  setBusy(isBusy: boolean): void;
  end(): Promise<void>;
}

interface Pending {
  readonly job: Job;
  readonly failures: Failure[];
  answers: number;
  readonly resolve: (failures: readonly Failure[]) => void;
  readonly reject: (error: Error) => void;
}

const THREAD = import.meta.url.endsWith('.ts')
  ? new URL('./thread.ts', import.meta.url)
  : new URL('./thread.js', import.meta.url);
let resting: Crew | undefined;

/** The threads at rest, if they are so many, or new ones. */
export function takeThreads(count: number): Threads {
  const isFit = resting?.count === count && !resting.isBroken();
  const crew = isFit ? resting! : startCrew(count);
  if (isFit) resting = undefined;
  crew.setBusy(true);
  return crew;
}

async function rest(crew: Crew): Promise<void> {
  const former = resting;
  crew.setBusy(false);
  resting = crew;
  await former?.end();
}

function startCrew(count: number): Crew {
  const pending = new Map<number, Pending>();
  let broken: Error | undefined;
  let jobs = 0;
  const breakAll = (error: Error): void => {
    broken ??= error;
    for (const { reject } of pending.values()) reject(broken);
    pending.clear();
  };
  const take = ({ id, failures }: Answer): void => {
    const job = pending.get(id);
    if (!job) return;
    for (const failure of failures) job.failures.push(failure);
    if (++job.answers < count) return;
    pending.delete(id);
    job.resolve(job.failures.sort((a, b) => a.place - b.place));
  };
  const threads = Array.from({ length: count }, () => startThread(take, breakAll));
  const run = (job: Omit<Job, 'id'>): Promise<readonly Failure[]> =>
    new Promise((resolve, reject) => {
      if (broken) return reject(broken);
      const numbered = { ...job, id: jobs++ };
      pending.set(numbered.id, { job: numbered, failures: [], answers: 0, resolve, reject });
      for (const { thread } of threads) thread.postMessage(numbered);
    });
  const crew: Crew = {
    count,
    run,
    isBroken: () => broken !== undefined,
    setBusy(isBusy) {
      for (const { thread } of threads) isBusy ? thread.ref() : thread.unref();
    },
    async release() {
      for (const { job } of pending.values()) Atomics.store(job.taken, 0, job.files.length);
      if (pending.size > 0) await run({ ...[...pending.values()].at(-1)!.job }).catch(() => {});
      await (broken ? crew.end() : rest(crew));
    },
    async end() {
      crew.setBusy(true); // who waits for threads at rest would wait alone, and the process end in silence
      for (const { thread } of threads) thread.postMessage('close');
      await Promise.all(threads.map(({ ended }) => ended));
    },
  };
  return crew;
}

function startThread(
  onAnswer: (answer: Answer) => void,
  onEnd: (error: Error) => void,
): { thread: Worker; ended: Promise<void> } {
  const thread = new Worker(THREAD);
  thread.on('message', onAnswer).on('error', onEnd);
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  void ended.then(() => onEnd(new Error('a thread that decodes pictures ended before its work.')));
  return { thread, ended };
}
