/** An output that would overwrite an input is refused by the real command, and the input stays. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { afterAll, expect, it } from 'vitest';
import { expectNotInput } from '../src/cli/expect-not-input.ts';
import { longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-inputs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const FILES = ['t.npy', 'head.npy', 'own.safetensors', 'page.html', 'prior.csv'];
for (const name of FILES) writeFileSync(join(root, name), name);
mkdirSync(join(root, 'folder'));
symlinkSync(join(root, 't.npy'), join(root, 'link.npy'));

it.each([
  'predict head.npy t.npy --out t.npy',
  'predict head.npy t.npy --out ./folder/../head.npy',
  'predict head.npy t.npy --out link.npy',
  'predict head.npy t.npy --prior prior.csv --out prior.csv',
  'extract --checkpoint own.safetensors --recipe demo --out own.safetensors',
  'rebalance own.safetensors --save own.safetensors',
  'rebalance t.npy --test own.safetensors --save ./own.safetensors',
  'rebalance own.safetensors --labels page.html --report page.html',
  'rebalance t.npy --save h.safetensors --card link.npy',
])(
  '%s',
  async (line) => {
    const { code, stderr } = await longtail(line.split(' '), { cwd: root });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/an input, which it would overwrite; name another\.\n$/),
    ]);
    for (const name of FILES) expect(readFileSync(join(root, name), 'utf8')).toBe(name);
  },
  30_000,
);

it('lets pass what is not there, not given, or no path', () => {
  const file = join(root, 't.npy');
  expectNotInput({ '--out': undefined, '--save': join(root, 'new.npy') }, [file, undefined, 'a column']);
  expect(() => expectNotInput({ '--out': file }, ['a column', file])).toThrow(UsageError);
});
