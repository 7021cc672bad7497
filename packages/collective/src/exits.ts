/**
 * The ways out of a group. MPI wants every process to say that it leaves; one that ends otherwise would leave the others waiting
 * for it, so it takes them along, and says why.
 */
import { lastWords } from './last-words.ts';
import type { Transport } from './transport.ts';

export interface Exits {
  abort(reason: string, code: number): never;
  close(): void;
}

export function exitsOf(transport: Transport): Exits {
  let isIn = true;
  let thrown: string | undefined;

  function abort(reason: string, code: number): never {
    isIn = false;
    lastWords(`rank ${transport.rank} of ${transport.size} ends the run: ${reason.trim()}`);
    transport.abort(code);
    return process.exit(code);
  }

  function note(error: unknown): void {
    thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }

  function close(): void {
    if (isIn) transport.close();
    isIn = false;
  }

  function leave(code: number): void {
    if (!isIn) return;
    if (code === 0) close();
    else abort(thrown ?? `it exits with code ${code}`, code);
  }

  if (transport.size > 1) process.on('uncaughtExceptionMonitor', note).on('exit', leave);
  return { abort, close };
}
