/** Where leaving out pictures that cannot be read ends. */
import { DataError } from '@longtail/core';

/** @param cause why the last of them cannot be read */
export function tooMany(most: number, cause: DataError): DataError {
  return new DataError(
    `expected at most ${most} pictures that cannot be read, but there are more, the last: ${cause.message} Mend the set, or raise maxBadImages.`,
    { ...cause.details, most },
    { cause },
  );
}

/** An epoch without a picture is no epoch, and no batch is there to say what was left out. */
export function noneReadable(count: number, cause: DataError): DataError {
  return new DataError(
    `expected a picture that can be read, but none of the ${count} to come can, the last: ${cause.message}`,
    { ...cause.details, count },
    { cause },
  );
}
