/** SIGINT and SIGTERM as an AbortSignal: the step under way ends, then the command. A second one ends it at once. */
import { LongtailError } from '@longtail/core';

/** Stopped, and resumable. */
export const STOPPED = 75;

export class Stopped extends LongtailError {}

export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  // `on`, not `once`: libraries that watch signals end the process when they find nobody else listening.
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(STOPPED);
      controller.abort(new Stopped(`stopped by ${name}; start the command again to go on.`));
    });
  return controller.signal;
}
