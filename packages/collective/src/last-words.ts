/**
 * The reason of an end, written so that it is read. A launcher reads what its processes write from pipes, and what is still in one
 * when it is told to end them is lost.
 */
import { writeSync } from 'node:fs';
import koffi from 'koffi';

const STDERR = 2;
/** How many bytes nobody has read yet: asm-generic/ioctls.h. */
const FIONREAD = 0x54_1b;
const PATIENCE_MS = 1000;
/** From the launcher's hands to where it writes. */
const ON_ITS_WAY_MS = 20;

const pause = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** @returns when what was written there has been read, or after a second */
function untilRead(): void {
  const ioctl = koffi.load(null).func('int ioctl(int, unsigned long, ...)');
  const unread = new Int32Array(1);
  const end = performance.now() + PATIENCE_MS;
  const isUnread = (): boolean => ioctl(STDERR, FIONREAD, 'void *', unread) === 0 && unread[0]! > 0;
  while (performance.now() < end && isUnread()) pause(1);
}

export function lastWords(words: string): void {
  try {
    writeSync(STDERR, `${words}\n`);
    if (process.platform === 'linux') untilRead();
    pause(ON_ITS_WAY_MS);
  } catch {} // nobody reads it any more
}
