/** Signals as an AbortSignal: the step under way ends, then the command. One more, later, ends it at once. */
import { STOPPED, Stopped } from '../stopped.ts';
import { takeSignals } from './early-stop.ts';

/** Whoever started us may pass on what the terminal has sent us already. */
const SAME_MS = 500;

export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  takeSignals((name) => {
    if (controller.signal.aborted) {
      if (performance.now() - first > SAME_MS) process.exit(STOPPED);
      return;
    }
    first = performance.now();
    controller.abort(new Stopped(`stopped by ${name}; start the command again to go on.`));
  });
  return controller.signal;
}
