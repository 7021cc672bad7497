/** An output that is an input, by whatever path, would destroy what it is made of. */
import { realpathSync } from 'node:fs';
import { UsageError } from '@longtail/core';

/** Undefined for what is not there: that is no input, and an output that harms none. `native` knows the disk's own spelling. */
function real(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/**
 * @param outputs by the flag that names each
 * @param inputs paths; what is no path, such as the name of a column, may be among them
 * @throws UsageError for an output that is read
 * @example
 * expectNotInput({ '--out': out }, [head, features]);
 */
export function expectNotInput(
  outputs: Readonly<Record<string, string | undefined>>,
  inputs: readonly (string | undefined)[],
): void {
  const read = new Set(inputs.map((input) => input && real(input)));
  for (const [flag, output] of Object.entries(outputs)) {
    const place = output && real(output);
    if (place && read.has(place))
      throw new UsageError(
        `${flag} takes a file that is not read, but got "${output}", an input, which it would overwrite; name another.`,
        { path: place },
      );
  }
}
