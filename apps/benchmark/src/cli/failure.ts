/** Whatever ends the command, as one sentence. */
import { LongtailError, refusal } from '@longtail/core';

const VERBS: Readonly<Record<string, string>> = {
  open: 'open',
  read: 'read',
  write: 'write',
  mkdir: 'make',
  scandir: 'list',
  stat: 'find',
  lstat: 'find',
  rm: 'remove',
  unlink: 'remove',
  rename: 'write',
};

/** Where it was thrown, and where what caused it was. */
export function stackText(error: unknown): string {
  const { stack, cause } = Object(error) as Error;
  return `${stack ?? error}${cause === undefined ? '' : `\ncaused by ${stackText(cause)}`}`;
}

/** @param error foreseen, of the file system, or neither */
export function failureText(error: unknown): string {
  if (error instanceof LongtailError) return error.message;
  const { name, message, path, syscall = '' } = error as NodeJS.ErrnoException;
  const why = refusal(error, path === undefined ? {} : { of: path });
  if (why)
    return `expected to ${VERBS[syscall] ?? 'use'} ${path ?? 'a file'}, but ${why.found}; ${why.remedy}.`;
  const text = message || String(error);
  return `${name ? `${name}: ` : ''}${text.replace(/\.$/, '')}. That was not foreseen: "longtail --verbose COMMAND ..." shows where.`;
}
