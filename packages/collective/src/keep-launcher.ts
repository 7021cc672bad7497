/**
 * Node marks what it has inherited to be closed when the process begins another program in its place (`process.execve`). The line
 * that MPICH's launcher and srun speak to their processes by must stay open then.
 */

/** Set file descriptor flags, to none: fcntl.h. */
const [F_SETFD, NONE] = [2, 0];

/**
 * To be called before `process.execve` in a program that will join a group. Without such a launcher it does nothing.
 *
 * @example
 * await keepLauncher();
 * steadyMalloc();
 */
export async function keepLauncher(): Promise<void> {
  const { PMI_FD: line } = process.env;
  if (line === undefined || process.platform !== 'linux') return;
  const { default: koffi } = await import('koffi');
  koffi.load(null).func('int fcntl(int, int, int)')(Number(line), F_SETFD, NONE);
}
