/** Work on many items, some at once: waiting for the disk overlaps, and a network's file system gains most. */
import { setImmediate } from 'node:timers/promises';

const AT_ONCE = 32;
const PROGRESS_EVERY = 500;

/**
 * @param length the items are 0 .. length - 1
 * @param options.onProgress with the items that are done
 * @throws the signal's reason, and what the work throws
 */
export async function overlapping(
  length: number,
  work: (index: number) => Promise<void>,
  {
    onProgress,
    signal,
  }: { onProgress?: ((done: number) => void) | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  let [next, done] = [0, 0];
  const loop = async () => {
    for (let index = next++; index < length; index = next++) {
      signal?.throwIfAborted();
      await work(index);
      if (++done % PROGRESS_EVERY > 0) continue;
      onProgress?.(done);
      await setImmediate(); // a turn for signals: where all files are missing, nothing else waits
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
  if (length > 0) onProgress?.(done);
}
