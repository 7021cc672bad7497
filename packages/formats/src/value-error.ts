/** A value that cannot be read; what to do about it depends on what its column is for. */
import { DataError } from '@longtail/core';

/** @param fact what was expected and found, without a full stop @param advice what to do where nothing more is known */
export function valueError(
  fact: string,
  { advice, ...details }: { advice?: string | undefined; path: string; [detail: string]: unknown },
): DataError {
  return new DataError(advice ? `${fact}; ${advice}.` : `${fact}.`, { ...details, fact });
}

/** The same error with other advice, where it is one of a value. */
export function advised(error: unknown, advice: string): unknown {
  if (!(error instanceof DataError) || typeof error.details.fact !== 'string') return error;
  return new DataError(`${error.details.fact}; ${advice}.`, error.details, { cause: error });
}
