/**
 * A library that is damaged, or wants what this CPU has not, ends the process that loads it, which can say nothing then.
 * So it leaves a mark in the installation for as long as it loads, and the next process says what has happened.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import { changedBytes, type EngineLibrary } from './installed.ts';
import { TITLES } from './verify.ts';

/** By process, as several may load at once. */
const MARK = /^loading-(\d+)\.json$/;
/** Once may have been a Ctrl-C. */
const MOST = 2;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

/** The paths of marks that no process will take away any more. */
const marksIn = (root: string): string[] =>
  readdirSync(root)
    .filter((name) => MARK.test(name) && !isAlive(Number(MARK.exec(name)![1])))
    .map((name) => join(root, name));

/** How many loads in a row have ended their process. */
function failures(marks: readonly string[]): number {
  const counts = marks.map((mark) => {
    try {
      return Number(JSON.parse(readFileSync(mark, 'utf8')).failures);
    } catch {
      return 1; // half written
    }
  });
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

/** Forgets earlier loads: the installation is new, or known to work. */
export function forgetLoads(root: string): void {
  for (const mark of marksIn(root)) rmSync(mark, { force: true });
}

/**
 * @param root of the installation of `library` that `load` loads; undefined for one that is not ours to write beside
 * @throws EngineError without loading, where the last load has ended its process and bytes have changed, or the last two
 */
export async function marked<T>(
  { library, root }: { library: EngineLibrary; root: string | undefined },
  load: () => T,
): Promise<T> {
  if (root === undefined) return load();
  const marks = marksIn(root);
  const failed = failures(marks);
  const changed = marks.length > 0 ? await changedBytes(root) : undefined;
  if (changed || failed >= MOST) {
    const [why, command] = changed
      ? [changed, `install ${library}${root.endsWith('-gpu') ? ' --gpu' : ''}`]
      : [`${failed} in a row, its bytes as they were installed`, 'verify'];
    throw new EngineError(
      `${TITLES[library]} in ${root} has ended the last process that loaded it (${why}); run "npx @longtail/engine ${command}".`,
      { root, failures: failed },
    );
  }
  const own = join(root, `loading-${process.pid}.json`);
  try {
    writeFileSync(own, JSON.stringify({ failures: failed + 1 }), { mode: 0o600 });
    for (const mark of marks) rmSync(mark, { force: true });
  } catch {} // a cache that is read only goes without
  try {
    return load();
  } finally {
    rmSync(own, { force: true });
  }
}
