/**
 * SIGINT, SIGTERM, SIGUSR1 and SIGUSR2 (which schedulers send before a job's time is over) as an AbortSignal: the step under
 * way ends, then the command. One more, later, ends it at once.
 */
import { STOPPED, Stopped } from '../stopped.ts';

const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'];

/** Whoever started us may pass on what the terminal has sent us already. */
const SAME_MS = 500;

export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  // `on`, not `once`: libraries that watch signals end the process when they find nobody else listening. Whoever listens to
  // SIGUSR1 has it instead of Node's inspector.
  for (const name of SIGNALS)
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - first > SAME_MS) process.exit(STOPPED);
        return;
      }
      first = performance.now();
      controller.abort(new Stopped(`stopped by ${name}; start the command again to go on.`));
    });
  return controller.signal;
}
