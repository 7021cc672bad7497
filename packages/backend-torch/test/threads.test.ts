/** Several threads at once: each has a backend of its own, and all share one libtorch. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { library } from './both.ts';
import { type Trained, train } from './thread-program.ts';

/** What a thread posts, once it has ended by itself. */
function inThread(): Promise<Trained> {
  return new Promise((resolve, reject) => {
    let posted: Trained;
    new Worker(join(import.meta.dirname, 'thread-program.ts'), { workerData: library })
      .on('message', (trained: Trained) => {
        posted = trained;
      })
      .on('error', reject)
      .on('exit', (code) => (code === 0 ? resolve(posted) : reject(new Error(`ended with ${code}`))));
  });
}

describe.skipIf(!library)('threads', () => {
  it('train the same network at the same time as the main thread, to the bit', async () => {
    const threads = [inThread(), inThread(), inThread()];
    const here = await train(library!);
    expect(here.losses.at(-1)).toBeLessThan(here.losses[0]! - 0.05);
    expect(here.left).toBe(0);
    for (const there of await Promise.all(threads)) expect(there).toEqual(here);
  });
});
