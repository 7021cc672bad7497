/** Registers the folders of its arguments one after another and prints what came of each; `thread:` first, in a worker. */
import { Worker } from 'node:worker_threads';
import { registerTorchBackend } from '../src/index.ts';

function attempt(library: string): string {
  try {
    return registerTorchBackend({ library }).version;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

if (process.env.LONGTAIL_TEST_THREAD) console.log(attempt(process.env.LONGTAIL_TEST_THREAD));
else
  for (const argument of process.argv.slice(2)) {
    const [, inThread] = /^thread:(.*)/.exec(argument) ?? [];
    if (!inThread) console.log(attempt(argument));
    else
      await new Promise((resolve) =>
        new Worker(new URL(import.meta.url), { env: { ...process.env, LONGTAIL_TEST_THREAD: inThread } }).on(
          'exit',
          resolve,
        ),
      );
  }
