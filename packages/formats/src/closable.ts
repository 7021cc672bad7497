/** What is read from a source until it is closed, be it from the file or from what is in memory of it. */
import { DataError } from '@longtail/core';
import type { Source } from './source.ts';

export interface Closable extends AsyncDisposable {
  /** The same function, refused once the source is closed. */
  whileOpen<A extends unknown[], T>(read: (...args: A) => Promise<T>): (...args: A) => Promise<T>;
  close(): Promise<void>;
}

export function closable(source: Source): Closable {
  let isClosed = false;
  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await source.close();
  }
  return {
    whileOpen:
      (read) =>
      async (...args) => {
        if (!isClosed) return read(...args);
        throw new DataError(
          `${source.path}: expected a file that can be read, but it was closed; open it again.`,
          {
            path: source.path,
          },
        );
      },
    close,
    [Symbol.asyncDispose]: close,
  };
}
