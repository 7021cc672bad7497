/** Pictures that cannot be read end a run, or are left out and counted in its report. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-bad-pictures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, 'run');
const run = (...settings: string[]) => [
  ...['run', join(import.meta.dirname, 'folder-recipe.ts'), '--data', folder, '--out', out],
  ...(settings.length > 0 ? ['--set', ...settings] : []),
];

beforeAll(async () => {
  for (const [split, each] of Object.entries({ train: 12, test: 3 }))
    for (const [name, background] of Object.entries({ sun: 'gold', sea: 'navy' })) {
      mkdirSync(join(folder, split, name), { recursive: true });
      const picture = { create: { width: 32, height: 32, channels: 3, background } } as const;
      for (let i = 0; i < each; i++)
        await sharp(picture)
          .jpeg()
          .toFile(join(folder, split, name, `${i}.jpg`));
    }
  for (const bad of ['train/sun/3.jpg', 'train/sea/11.jpg', 'test/sea/0.jpg'])
    writeFileSync(join(folder, bad), readFileSync(join(folder, bad)).subarray(0, 200));
});

describe('pictures cut short', { timeout: 120_000 }, () => {
  it('end a run with their path', async () => {
    const ended = await longtail(run());
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/train\/s(un\/3|ea\/11)\.jpg/)]);
  });

  it('are left out when that is asked for, and counted in the report', async () => {
    const ended = await longtail([...run('onBadImage=skip'), '--fresh']);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(ended.stdout).toContain('3 pictures left out');
    const { protocol, history } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect([protocol.skipped, history[0].skipped]).toEqual([3, 2]); // and one of the test
    expect(protocol.evaluation).toBe('as they are');
    expect(ended.stdout).toContain('pictures as they are');
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('3 pictures left out');
  });

  it('are done with as said', async () => {
    const ended = await longtail(run('onBadImage=ignore'));
    expect([ended.code, ended.stderr]).toEqual([
      2,
      expect.stringContaining('--set onBadImage takes one of fail, skip, but got "ignore"'),
    ]);
  });
});
