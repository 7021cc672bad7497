/** `--prior`: what it takes, and every way to get it wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { priorOf } from '../src/rebalance/prior-option.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-prior-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('is refused in a sentence:', () => {
  it.each([
    ['0.5', /takes uniform, train, 2 shares .* but "0.5" gives 1/],
    ['0.5,0', /that of "wren" is 0/],
    ['auk', /"auk" gives 1/],
  ])('the prior %s', async (text, message) => {
    await expect(priorOf(text, ['auk', 'wren'])).rejects.toThrow(message);
    expect(await priorOf('1,3', ['auk', 'wren'])).toEqual([1, 3]);
    const file = written('prior.json', '{"wren": 3, "auk": 1}');
    expect(await priorOf(file, ['auk', 'wren'])).toEqual([1, 3]);
  });

  it.each([
    ['{"auk": 1}', /its name in the file of --prior, .*bad\.json, but there is none of "wren"/],
    ['{"auk": 1, "wren": 1, "yak": 1}', /but there is "yak", too/],
    ['[0.5, 0.5]', /but there is none of "auk"/],
    ['{"auk": 1, "wren": "a"}', /that of "wren" is NaN/],
  ])('the prior in a file of %s', async (text, message) => {
    await expect(priorOf(written('bad.json', text), ['auk', 'wren'])).rejects.toThrow(message);
    await expect(priorOf('lacking.json', ['auk', 'wren'])).rejects.toThrow(/lacking\.json, for --prior, but/);
  });
});
