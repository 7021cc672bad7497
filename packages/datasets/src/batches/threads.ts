/** The threads of a loader. A job goes to all of them, so that none waits while another has work left. */
import { Worker } from 'node:worker_threads';
import type { Answer, Failure, Job, ThreadOptions } from './messages.ts';

export interface Threads {
  /** @returns the failures, by place, once every picture of the job is done. Rejects when a thread ends by itself. */
  run(job: Job): Promise<readonly Failure[]>;
  /** Ends the threads; what they have not begun is left. */
  close(): Promise<void>;
}

interface Pending {
  readonly job: Job;
  readonly failures: Failure[];
  answers: number;
  readonly resolve: (failures: readonly Failure[]) => void;
  readonly reject: (error: Error) => void;
}

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

export function startThreads(count: number, options: ThreadOptions): Threads {
  const pending = new Map<number, Pending>();
  let broken: Error | undefined;
  const breakAll = (error: Error): void => {
    broken ??= error;
    for (const { reject } of pending.values()) reject(broken);
    pending.clear();
  };
  const take = ({ id, failures }: Answer): void => {
    const job = pending.get(id);
    if (!job) return;
    job.failures.push(...failures);
    if (++job.answers < count) return;
    pending.delete(id);
    job.resolve(job.failures.sort((a, b) => a.place - b.place));
  };
  const threads = Array.from({ length: count }, () => {
    const thread = new Worker(THREAD, { workerData: options });
    thread.on('message', take).on('error', breakAll);
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    void ended.then(() => breakAll(new Error('a thread that decodes pictures ended before its work.')));
    return { thread, ended };
  });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        pending.set(job.id, { job, failures: [], answers: 0, resolve, reject });
        for (const { thread } of threads) thread.postMessage(job);
      }),
    async close() {
      for (const { job } of pending.values()) Atomics.store(job.taken, 0, job.files.length);
      pending.clear();
      for (const { thread } of threads) thread.postMessage('close');
      await Promise.all(threads.map(({ ended }) => ended));
    },
  };
}
