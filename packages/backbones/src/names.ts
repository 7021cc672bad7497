/** Under which names and what prefix a file holds a backbone's weights: `module.`, `backbone.`, `state_dict.` and the like. */
import { DataError } from '@longtail/core';
import { huggingFaceName } from './hugging-face.ts';

/** From a file's name, without its prefix, to torchvision's; undefined where it is none of the dialect. */
type Dialect = (name: string) => string | undefined;
const DIALECTS: readonly Dialect[] = [(name) => name, huggingFaceName];

/** The other copy of a network in a file: the momentum encoder of MoCo. */
const COPY = /(^|\.)encoder_k\./;

export interface FoundNames {
  readonly prefix: string;
  /** The backbone's name to the file's. */
  readonly found: ReadonlyMap<string, string>;
}

interface Candidate extends FoundNames {
  readonly found: Map<string, string>;
}

/** Every prefix of the name, each with what stands behind it. */
function splits(name: string): [prefix: string, rest: string][] {
  const result: [string, string][] = [['', name]];
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1))
    result.push([name.slice(0, at + 1), name.slice(at + 1)]);
  return result;
}

function candidates(wanted: ReadonlySet<string>, names: Iterable<string>, dialect: Dialect): Candidate[] {
  const byPrefix = new Map<string, Map<string, string>>();
  for (const name of names)
    for (const [prefix, rest] of splits(name)) {
      const own = dialect(rest);
      if (own === undefined || !wanted.has(own)) continue;
      const found = byPrefix.get(prefix) ?? new Map<string, string>();
      byPrefix.set(prefix, found.set(own, name));
    }
  return [...byPrefix].map(([prefix, found]) => ({ prefix, found }));
}

/**
 * The prefix and the dialect under which most of the wanted names are found.
 *
 * @param options.prefix where it is known
 * @throws DataError when two prefixes hold equally many, and most
 */
export function findNames(
  wanted: ReadonlySet<string>,
  names: readonly string[],
  { name, prefix }: { name: string; prefix?: string | undefined },
): FoundNames {
  const all = DIALECTS.flatMap((dialect) => candidates(wanted, names, dialect)).filter(
    (candidate) => prefix === undefined || candidate.prefix === prefix,
  );
  const most = all.reduce((count, { found }) => Math.max(count, found.size), 0);
  const best = all.filter(({ found }) => found.size === most);
  const originals = best.filter((candidate) => !COPY.test(candidate.prefix));
  const [first, second] = originals.length > 0 ? originals : best;
  if (first && second && 2 * most > wanted.size) {
    const finding = `${name} is found more than once in this file, as "${first.prefix}" and "${second.prefix}"`;
    const prefixes = best.map((candidate) => candidate.prefix);
    throw new DataError(`${finding}; name one with \`prefix\`.`, { prefixes, finding });
  }
  return first ?? { prefix: prefix ?? '', found: new Map() };
}
