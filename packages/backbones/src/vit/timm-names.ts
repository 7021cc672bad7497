/** Which of a file's names are those of a vision transformer's weights. */
import { checkOptions, checkStrings, DataError } from '@longtail/core';
import { checkNames } from '../checks.ts';
import { timmName } from './names.ts';

/**
 * The names of a file's weights of a vision transformer, each with timm's, as toTimmNames takes them; there parts of an
 * attention are joined: `blocks.0.attn.q.weight` is one, and OpenAI's projection is `proj`.
 *
 * @param options.prefix as of toTimmNames
 * @throws DataError when no name is that of a vision transformer's weight, or two are the same one's
 */
export function timmNames(names: readonly string[], options: { prefix?: string } = {}): Map<string, string> {
  const { prefix = '' } = checkOptions(options, { of: 'timmNames' });
  checkStrings({ prefix });
  checkNames({ names });
  const found = [...names].flatMap((given): [string, string][] => {
    const name = given.startsWith(prefix) && timmName(given.slice(prefix.length));
    return name ? [[given, name]] : [];
  });
  const from = new Map<string, string>();
  for (const [given, name] of found) {
    if (from.has(name)) {
      const finding = `expected one vision transformer, but "${from.get(name)}" and "${given}" are both its ${name}`;
      throw new DataError(`${finding}; choose one by its \`prefix\`.`, {
        finding,
        name,
        prefixes: [from.get(name), given],
      });
    }
    from.set(name, given);
  }
  if (found.length > 0) return new Map(found);
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  const behind = prefix && ` behind "${prefix}"`;
  throw new DataError(
    `expected the weights of a vision transformer${behind}, but none of the ${names.length} names is one: ${shown}.`,
    { unexpected: names },
  );
}
