/** What every package says of itself to a registry. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

it.each(globSync('{packages,apps}/*/package.json', { cwd: root }))('%s names no place on the web', (path) => {
  const { repository, homepage, bugs } = JSON.parse(readFileSync(join(root, path), 'utf8'));
  // The project has none yet, and a name that nobody owns anyone can take.
  expect({ repository, homepage, bugs }).toEqual({});
});

it('no source has a declaration that Node 22, the oldest that is supported, cannot read', () => {
  const sources = globSync('{packages,apps}/*/{src,recipes}/**/*.ts', { cwd: root });
  const wrong = sources.filter((path) =>
    /^\s*(await )?using \w+ =/m.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(sources.length).toBeGreaterThan(300);
  expect(wrong).toEqual([]);
});
