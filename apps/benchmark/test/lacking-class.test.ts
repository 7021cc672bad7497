/** A test that lacks a class: its labels are those of the training set, and a recipe that numbers them anew is refused. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-lacking-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
const recipe = join(import.meta.dirname, 'folder-recipe.ts');
const run = (module: string, out: string) =>
  longtail(['run', module, '--data', data, '--out', join(folder, out), '--set', 'epochs=4', 'headEpochs=4']);

const COLORS = { beach: '#e0c060', forest: '#106020', night: '#000018', sea: '#1040c0' };

beforeAll(async () => {
  for (const [split, each] of Object.entries({ train: 16, test: 4 }))
    for (const [i, [name, background]] of Object.entries(COLORS).entries()) {
      if (split === 'test' && name === 'beach') continue;
      mkdirSync(join(data, split, name), { recursive: true });
      const noise = { type: 'gaussian', mean: 10 * i, sigma: 5 } as const;
      const picture = { create: { width: 32, height: 32, channels: 3, background, noise } } as const;
      for (let n = 0; n < each; n++)
        await sharp(picture)
          .composite([{ input: { create: { width: 20, height: 30, channels: 3, background } } }])
          .png()
          .toFile(join(data, split, name, `${n}.png`));
    }
});

describe('a test that lacks a class', { timeout: 120_000 }, () => {
  it('is scored by the labels of the training set', async () => {
    const ended = await run(recipe, 'run');
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const { rows } = JSON.parse(readFileSync(join(folder, 'run/results.json'), 'utf8'));
    const accuracies = Object.fromEntries(
      rows.map((row: { classifier: string; scores: { all: number } }) => [row.classifier, row.scores.all]),
    );
    expect(accuracies).toMatchObject({ ncm: 1 });
  });

  it('keeps to the classes that the run was begun with', async () => {
    for (const split of ['train', 'test'])
      renameSync(join(data, split, 'night'), join(data, split, 'aurora'));
    const ended = await longtail(['extract', join(folder, 'run')]);
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining(
        `expected label 0 to be beach, as when ${join(folder, 'run')} was begun, but now it is aurora`,
      ),
    ]);
    for (const split of ['train', 'test'])
      renameSync(join(data, split, 'aurora'), join(data, split, 'night'));
  });

  it('is refused by name before training where a recipe numbers it by itself', async () => {
    const module = join(folder, 'by-itself.ts');
    const sets = pathToFileURL(join(import.meta.dirname, '../../../packages/datasets/src/index.ts'));
    writeFileSync(
      module,
      `import recipe from '${pathToFileURL(recipe)}';
      import { imageFolder } from '${sets}';
      export default { ...recipe, data: async ({ data }) => ({
        train: await imageFolder(data + '/train'), test: await imageFolder(data + '/test') }) };`,
    );
    const ended = await run(module, 'refused');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      'expected label 0 of test (folder) to be "beach", as in train, but it is "forest"; open test with the classNames of train.',
    );
    expect(existsSync(join(folder, 'refused/dataset.json'))).toBe(false);
  });

  it('is opened so by its name, and its lack is told', async () => {
    const args = ['folder', '--data', data];
    const stats = await longtail(['data', 'stats', ...args, '--json']);
    expect(JSON.parse(stats.stdout).splits.test).toMatchObject({ pictures: 12, emptyClasses: 1 });
    mkdirSync(join(data, 'test/zebra'));
    const strange = await longtail(['data', 'verify', ...args]);
    expect([strange.code, strange.stdout]).toEqual([1, expect.stringContaining(join(data, 'test/zebra'))]);
    rmSync(join(data, 'test/zebra'), { recursive: true });
  });
});
