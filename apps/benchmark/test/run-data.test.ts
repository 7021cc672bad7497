/** Which folder of pictures a run keeps: one that holds what it was begun with, wherever that lies. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-run-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [out, data, moved, others] = ['run', 'data', 'moved', 'others'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
  string,
];
const recipe = join(import.meta.dirname, 'folder-recipe.ts');
const run = (...args: string[]) => longtail(['run', recipe, '--out', out, ...args]);
const kept = () => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).data;

async function draw(at: string, colors: Record<string, string>): Promise<void> {
  for (const split of ['train', 'test'])
    for (const [name, background] of Object.entries(colors)) {
      mkdirSync(join(at, split, name), { recursive: true });
      const picture = sharp({ create: { width: 16, height: 16, channels: 3, background } });
      for (let i = 0; i < 8; i++) await picture.png().toFile(join(at, split, name, `${i}.png`));
    }
}

beforeAll(async () => {
  await draw(data, { sea: 'navy', sun: 'gold' });
  await draw(others, { sea: 'teal', sun: 'gold' });
  expect(await run('--data', data)).toMatchObject({ code: 0 });
}, 120_000);

describe('the pictures of a run', { timeout: 120_000 }, () => {
  it.each([[[]], [['--fresh']]])('are not lost by a mistyped --data (%j)', async (more) => {
    const ended = await run('--data', join(folder, 'dta'), ...more);
    expect([ended.code, ended.stderr]).toEqual([
      1,
      `expected the pictures in ${join(folder, 'dta')}, but it is not there; name their folder with --data.\n`,
    ]);
    expect(kept()).toBe(data);
    expect(existsSync(join(out, 'results.json'))).toBe(true);
  });

  it('are not exchanged for others of the same names', async () => {
    const ended = await run('--data', others);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      expect.stringMatching(
        /pictures 16 pictures, sha256 \w+ there, 16 pictures, sha256 \w+ asked for\. Give/,
      ),
    ]);
    expect(kept()).toBe(data);
  });

  it('are not taken from a folder that lacks them', async () => {
    const ended = await run('--data', folder);
    expect(ended.code).toBe(1);
    expect(kept()).toBe(data);
  });

  it('may be moved', async () => {
    renameSync(data, moved);
    expect((await run()).code).toBe(1);
    const ended = await run('--data', moved);
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('holds this run, finished')]);
    expect(kept()).toBe(moved);
    expect((await run()).code).toBe(0);
  });

  it('are extracted again where a test picture has changed, and trained on again never without --fresh', async () => {
    cpSync(join(others, 'test/sea/0.png'), join(moved, 'test/sea/0.png'));
    const ended = await run();
    expect([ended.code, ended.stderr]).toEqual([
      0,
      expect.stringMatching(
        /features\.safetensors cannot stay: test 16 pictures.*; extract is done again\.\n/,
      ),
    ]);
    appendFileSync(join(moved, 'train/sea/0.png'), 'more');
    expect((await run()).code).toBe(2);
    expect((await run('--fresh')).code).toBe(0);
  });
});
