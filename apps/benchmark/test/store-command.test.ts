/** `longtail extract` into a store by the real command: killed and gone on with, in parts, and what it refuses. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { saveWeights } from '@longtail/backbones';
import { UsageError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { encodeSafetensors } from '@longtail/formats';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import demo from '../recipes/demo.ts';
import { expectNoStore, type StoreFlags, storeOptions } from '../src/cli/store-options.ts';
import { CLI, longtail } from './longtail.ts';
import { bytesOf, storeIn } from './store-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-store-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const checkpoint = join(root, 'drawn.safetensors');
const at = (name: string): string => join(root, name);
/** 26 shards of the 2,520 pictures that are not for training. */
const asked = (out: string, ...flags: string[]): string[] => [
  ...['extract', '--checkpoint', checkpoint, '--recipe', 'demo', '--out', out, '--shard-rows', '100'],
  ...['--splits', 'validation,test', ...flags],
];

describe.skipIf(!torchLibrary())('a store by the command', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await loadEngine({ backend: 'auto' });
    const backbone = demo.backbone({ seed: 0 });
    writeFileSync(checkpoint, encodeSafetensors(saveWeights(backbone)));
    backbone.dispose();
    const { code, stdout } = await longtail(asked(at('whole')));
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/2,520 rows of 64 float32 in 26 shards; next: .* rebalance/),
    ]);
  }, 120_000);

  it('that was killed goes on, to the same bytes', async () => {
    const out = at('killed');
    const killed = spawn(process.execPath, [CLI, ...asked(out)], { stdio: 'ignore' });
    const ended = once(killed, 'exit');
    const shards = (): number => {
      const path = join(out, 'store.json');
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).shards.length : 0;
    };
    while (shards() < 2 && killed.exitCode === null) await setTimeout(5);
    killed.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
    const before = shards();
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThan(26);
    const { code, stdout } = await longtail(asked(out));
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`26 shards, ${before} of them from before`)),
    ]);
    expect(bytesOf(out)).toEqual(bytesOf(at('whole')));
  });

  it('in parts, put together, has the same bytes', async () => {
    for (const part of ['1/2', '2/2'])
      expect((await longtail(asked(at(part.replace('/', '-of-')), '--shard', part))).code).toBe(0);
    const merged = await longtail(['features', 'merge', at('merged'), at('2-of-2'), at('1-of-2')]);
    expect([merged.code, merged.stdout]).toEqual([
      0,
      expect.stringMatching(/2,520 rows of 64 float32 in 26 shards; next: .* rebalance/),
    ]);
    expect(bytesOf(at('merged'))).toEqual(bytesOf(at('whole')));
  });

  it('is read by rebalance, with the names of its classes', async () => {
    await storeIn(at('tiny'));
    const { code, stdout } = await longtail(['rebalance', at('tiny'), '--heads', 'ncm', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { train: 21, test: 6 },
      dim: 64,
      classes: { names: ['a', 'b', 'c'] },
    });
  });
});

describe('what cannot be asked for is refused in one line', () => {
  it.each([
    [['extract', 'run', '--dtype', 'float16'], /--dtype is of a store of features, but there is no --out/],
    [
      ['extract', 'run', '--out', 'x.safetensors'],
      /--out takes a folder for a store, but got "x\.safetensors"/,
    ],
    [['features', 'merge', 'x'], /missing required argument 'parts'/],
  ])('%j', async (args, message) => {
    const ended = await longtail(args, { cwd: root });
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([2, '', expect.stringMatching(message)]);
    expect(existsSync(at('x'))).toBe(false);
  });

  it.each<[StoreFlags, RegExp]>([
    [{ views: '0' }, /--views takes an integer from 1, but got "0"/],
    [{ shardRows: '1e3' }, /--shard-rows takes an integer from 1, but got "1e3"/],
    [{ shard: '3/2' }, /--shard takes PART\/PARTS, from 1\/4 to 4\/4 .* but got "3\/2"/],
    [{ shard: '0/2' }, /but got "0\/2"/],
    [{ splits: 'train,val' }, /--splits takes train, validation, test .* but got "train,val"/],
  ])('%j', (flags, message) => {
    expect(() => storeOptions(flags)).toThrow(UsageError);
    expect(() => storeOptions(flags)).toThrow(message);
  });

  it('an option of a store where there is none', () => {
    expect(() => expectNoStore({ shardRows: '5' }, 'x is one file')).toThrow(
      /--shard-rows is of a store of features, but x is one file; name a folder with --out/,
    );
    expect(storeOptions({ splits: 'test,train', shard: '2/2', views: '3' })).toEqual({
      ...{ layer: 'last', views: 3, splits: ['train', 'test'] },
      part: { index: 2, of: 2 },
    });
  });
});
