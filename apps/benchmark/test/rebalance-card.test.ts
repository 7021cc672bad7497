/** The model card that `longtail rebalance --save ... --card` writes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { encodeParquet } from '@longtail/formats';
import { afterAll, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-card-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has the scores of the head that was saved, and wants --save', { timeout: 60_000 }, async () => {
  const generator = random(0, 'card');
  const label = [40, 20, 8].flatMap((n, c) => Array<string>(n).fill(['auk', 'wren', 'sea eagle'][c]!));
  const centre = (name: string, d: number) => (name.length % 3 === d ? 3 : 0);
  const x = Float32Array.from(
    label.flatMap((name) => [0, 1, 2].map((d) => centre(name, d) + generator.normal())),
  );
  const [features, save, card] = ['birds.parquet', 'birds.safetensors', 'README.md'].map((name) =>
    join(folder, name),
  );
  writeFileSync(features!, encodeParquet({ x: { shape: [label.length, 3], data: x }, label }));
  const run = ['rebalance', features!, '--heads', 'ncm', '--card', card!];
  const refused = await longtail(run);
  expect([refused.code, existsSync(card!)]).toEqual([2, false]);
  expect(refused.stderr).toContain('--card is of what --save writes');
  const { code, stdout } = await longtail([...run, '--save', save!, '--head', 'ncm', '--json']);
  expect(code).toBe(0);
  const text = readFileSync(card!, 'utf8');
  const { heads } = JSON.parse(stdout) as { heads: { name: string; scores: { all: number } }[] };
  const { scores } = heads.find(({ name }) => name === 'ncm')!;
  for (const part of [
    `value: ${Number(scores.all.toFixed(4))}\n`,
    'split: "5 folds of the training rows"',
    '- "ncm"',
    '# birds\n',
    'await readFile("birds.safetensors")',
    '| sea eagle | 8 |',
  ])
    expect(text).toContain(part);
});
