/** SIGINT and SIGTERM as an AbortSignal: the step under way ends, then the command. A second one ends it at once. */
import { LongtailError } from '@longtail/core';

export class Stopped extends LongtailError {}

export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () =>
      controller.abort(new Stopped(`stopped by ${name}; the same command goes on from here.`)),
    );
  return controller.signal;
}
