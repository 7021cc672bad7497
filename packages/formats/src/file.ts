/** A file as a source, where the system has files: Node, Bun, Deno. A browser's bundle needs nothing of this. */
import { DataError, InputError, refusal } from '@longtail/core';
import { checkPlace, type Source, unreadable } from './source.ts';

/** One call of the system reads less than 2 GiB. */
const MAX_CALL = 2 ** 30;

/** @throws DataError when the file is not there or is none; InputError where there are no files */
export async function openFile(path: string): Promise<Source> {
  const system = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (!system)
    throw new InputError(
      `expected bytes or a Blob, but got the path ${path}, and there are no files here; give what an <input type="file"> or fetch gives.`,
      { path },
    );
  const handle = await system.open(path, 'r').catch((cause: Error) => {
    const { found, remedy } = refusal(cause, { of: path }) ?? {
      found: `opening it failed (${cause.message})`,
      remedy: 'name another',
    };
    throw new DataError(`expected a file at ${path}, but ${found}; ${remedy}.`, { path }, { cause });
  });
  const status = await handle.stat();
  if (!status.isFile()) {
    await handle.close();
    throw new DataError(`expected a file at ${path}, but it is none; name the file itself.`, { path });
  }
  const { size } = status;
  return {
    path,
    size,
    async read(offset, length) {
      checkPlace({ path, size }, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle
          .read(bytes, done, Math.min(length - done, MAX_CALL), offset + done)
          .catch((cause: Error) => {
            throw unreadable(path, cause);
          });
        if (bytesRead === 0) checkPlace({ path, size: offset + done }, offset, length);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}
