/** What made the numbers of a run, in results.json and on the page. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageFolder, inMemory, subsetHash, subsetOf } from '@longtail/datasets';
import type { Provenance } from '@longtail/report/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picturesHash, provenanceOf, readProvenance, recordProvenance } from '../src/provenance.ts';
import { writePictures } from './colored-pictures.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-provenance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [data, out] = [join(folder, 'data'), join(folder, 'run')];
beforeAll(async () => {
  await writePictures(join(data, 'train'), { forest: 9, sea: 3 });
  await writePictures(join(data, 'test'), { forest: 2, sea: 2 });
});
const results = (): { made: Provenance[] } => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));

describe('a run', { timeout: 120_000 }, () => {
  it('says what made it', async () => {
    const ended = await longtail([
      'run',
      join(import.meta.dirname, 'folder-recipe.ts'),
      '--data',
      data,
      '--out',
      out,
    ]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const lines = ['forest', 'sea'].flatMap((name, label) =>
      Array.from({ length: label ? 3 : 9 }, (_, i) => `${label}\t${name}/${i}.png\n`),
    );
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname });
    const { made } = results();
    expect(made).toEqual([
      {
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        command: expect.stringMatching(/^longtail run .*folder-recipe\.ts --data/),
        longtail: expect.stringMatching(
          new RegExp(`^\\d+\\.\\d+\\.\\d+, commit ${commit.slice(0, 12)}(-dirty)?$`),
        ),
        node: process.version,
        engine: expect.objectContaining({ backend: expect.any(String), version: expect.any(String) }),
        threads: expect.any(Number),
        cpu: expect.stringMatching(/ x \d+$/),
        pictures: {
          train: createHash('sha256').update(lines.join('')).digest('hex'),
          test: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    ]);
    expect(Math.abs(Date.parse(made[0]!.date) - Date.now())).toBeLessThan(600_000);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    for (const text of [process.version, commit.slice(0, 12), made[0]!.pictures!.train])
      expect(page).toContain(text);
  });

  it('names another process only where something else made part of it', async () => {
    rmSync(join(out, 'instance-balanced/predictions.safetensors'));
    expect((await longtail(['classify', out])).code).toBe(0);
    expect((await longtail(['evaluate', out])).code).toBe(0);
    expect(results().made).toHaveLength(1);
    const [made] = await readProvenance(out);
    await recordProvenance(out, { ...made!, node: 'v22.18.0' });
    await recordProvenance(out, { ...made!, node: 'v22.18.0', date: 'later' });
    expect((await readProvenance(out)).map(({ node }) => node)).toEqual([process.version, 'v22.18.0']);
    const fresh = await longtail([
      'run',
      join(import.meta.dirname, 'folder-recipe.ts'),
      '--data',
      data,
      '--out',
      out,
      '--fresh',
    ]);
    expect([fresh.code, results().made.length]).toEqual([0, 1]);
  });
});

describe('the hash of pictures', () => {
  it("is a subset's own where it has one, and follows labels and paths", async () => {
    const grey = inMemory('grey', {
      pixels: new Uint8Array(12),
      labels: [0, 1, 1, 0],
      classNames: ['a', 'b'],
      shape: [1, 1, 3],
    });
    expect(picturesHash(subsetOf(grey, [1, 3]))).toBe(subsetHash(grey.labels, [1, 3]));
    const before = picturesHash(await imageFolder(join(data, 'train')));
    writeFileSync(join(data, 'train/sea/99.png'), readFileSync(join(data, 'train/sea/0.png')));
    expect(picturesHash(await imageFolder(join(data, 'train')))).not.toBe(before);
    rmSync(join(data, 'train/sea/99.png'));
    expect(picturesHash(await imageFolder(join(data, 'train')))).toBe(before);
  });

  it('is not asked for where no picture is looked at', async () => {
    const engine = { backend: 'torch', device: 'cpu', version: '2.15.0' };
    expect(await provenanceOf({ engine })).not.toHaveProperty('pictures');
  });
});
