/** One sentence for all in which a file does not fit a network. */
import { closestMatch } from 'leven';

export interface Misfits {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** Shapes as the file has them. */
  readonly misshapen: readonly { name: string; expected: readonly number[]; found: readonly number[] }[];
  /** NaN, infinite or no floating-point numbers. */
  readonly unusable: readonly { name: string; why: string }[];
}

/** Of each kind; the rest is counted. */
const SHOWN = 3;

function listed<T>(kind: string, all: readonly T[], show: (one: T) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  return [`${all.length} ${kind}: ${all.slice(0, SHOWN).map(show).join(', ')}${more}`];
}

/**
 * @returns what was found, and what a program can do about it
 * @param options.names of the file, among which the nearest to a missing one, behind `prefix`, is looked for
 */
export function misfitSentence(
  backbone: string,
  { missing, unexpected, misshapen, unusable }: Misfits,
  { prefix, names }: { prefix: string; names: readonly string[] },
): { finding: string; advice: string } {
  const nearest = (name: string) => {
    const found = closestMatch(prefix + name, names, { maxDistance: Math.ceil(name.length / 2) });
    return found === undefined ? `"${name}"` : `"${name}" (nearest: "${found}")`;
  };
  const parts = [
    ...listed('missing', missing, nearest),
    ...listed('unexpected', unexpected, (name) => `"${name}"`),
    ...listed(
      'of another shape',
      misshapen,
      ({ name, expected, found }) => `"${name}" [${found}] instead of [${expected}]`,
    ),
    ...listed('unusable', unusable, ({ name, why }) => `"${name}" ${why}`),
  ];
  const isOnlyNames = misshapen.length + unusable.length === 0;
  return {
    finding: `the file does not fit ${backbone}: ${parts.join('; ')}`,
    advice: `load it into the architecture it is of${isOnlyNames ? ', or leave these out with `strict: false`' : ''}`,
  };
}
