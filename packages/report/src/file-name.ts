/** Names of results as names of files. */

/** Letters, digits, `.`, `_` and `-` stay; no name is empty or hidden. */
const safe = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[.-]+|[.-]+$/g, '') || 'unnamed';

/**
 * @returns a name of a file for each name, no two alike, not even where upper and lower case are one
 * @example
 * fileNames(['a/b', 'a b', 'c']); // ['a-b', 'a-b-2', 'c']
 */
export function fileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let candidate = safe(name);
    for (let i = 2; taken.has(candidate.toLowerCase()); i++) candidate = `${safe(name)}-${i}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}
