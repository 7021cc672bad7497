import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, InputError } from '@longtail/core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openFeatures, readLabels } from '../src/index.ts';
import { golden } from './golden.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of these bytes. */
function written(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}
const cut = (name: string, bytes: number) =>
  written(`cut-${name}`, readFileSync(golden(name)).subarray(0, bytes));

async function refusal(path: string, options: object = {}): Promise<string> {
  const error = await openFeatures(path, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DataError);
  expect((error as DataError).message).toContain(path);
  return (error as DataError).message;
}

describe('a file that does not hold what it should', () => {
  it.each([
    ['complex.npy', /the array at byte 128 is NumPy's <c8 \[40,6\]/],
    ['record.npy', /the array at byte 128 is a record \[3\]/],
    ['labels-i4.npy', /expected features as numbers \[n, dim\], but the array at byte 128 is int32 \[40\]/],
    ['null.parquet', /float64 in the column "f0", but row 1 holds nothing; fill it in, or take it as NaN/],
    ['ragged.parquet', /float32 in the column "features", but row 1 holds 1 of them, not 2/],
  ])('%s', async (name, message) => {
    const read = async () => {
      const set = await openFeatures(golden(name));
      await set.rows(0, set.length).finally(set.close);
    };
    await expect(read()).rejects.toThrow(message);
    await expect(read()).rejects.toThrow(DataError);
  });

  it('says where a file ends too early', async () => {
    expect(await refusal(cut('f4.npy', 1000))).toMatch(
      /960 bytes for the array of shape \[40,6\], but there are 872 from byte 128/,
    );
    expect(await refusal(cut('f4.npy', 5))).toMatch(/it has 5 bytes/);
    expect(await refusal(cut('stored.npz', 900))).toMatch(/reading its directory failed/);
    expect(await refusal(cut('half.safetensors', 900))).toMatch(
      /320 bytes for the array "labels" of shape \[40\], but there are 162 from byte 738/,
    );
    expect(await refusal(cut('protocol-4.pkl', 500))).toMatch(
      /at byte \d+ 960 bytes are to follow, and the file ends at byte 500/,
    );
    expect(await refusal(cut('columns.parquet', 3000))).toMatch(/at byte 2992 there is no Parquet footer/);
  });

  it('names what the file holds when the name is another', async () => {
    expect(await refusal(golden('stored.npz'), { features: 'fc' })).toMatch(
      /array "fc", but the file holds "feats", "labels", "idxs"/,
    );
    expect(await refusal(golden('columns.parquet'), { labels: 'class' })).toMatch(/columns are "f0", "f1"/);
    expect(await refusal(golden('more.pkl'), { labels: 'nested' })).toMatch(/"nested" at byte 0 is a dict/);
    await expect(openFeatures(golden('stored.npz'), { features: ['feats'] })).rejects.toThrow(InputError);
    await expect(openFeatures(golden('expected.json'))).rejects.toThrow(/ends in .npy, .npz, .safetensors/);
    await expect(openFeatures(join(folder, 'absent.npy'))).rejects.toThrow(
      /absent.npy, but it is not there \(ENOENT/,
    );
    await expect(openFeatures(folder, { format: 'npy' })).rejects.toThrow(/it is none; name the file itself/);
  });

  it('refuses labels that are none, by their row', async () => {
    const bytes = readFileSync(golden('labels-i8-big.npy'));
    bytes.writeBigInt64BE(-5n, 128 + 8 * 17);
    await expect(readLabels(written('negative.npy', bytes))).rejects.toThrow(
      /row 17 of the array, at byte 264, is -5/,
    );
    bytes.writeBigInt64BE(2n ** 31n, 128 + 8 * 17);
    await expect(readLabels(written('large.npy', bytes))).rejects.toThrow(/is 2147483648/);
    await expect(readLabels(golden('f4.npy'))).rejects.toThrow(
      /labels as integers or texts \[n\], but the array at byte 128 is float32 \[40,6\]/,
    );
    await expect(readLabels(golden('fixed.parquet'), { labels: 'features' })).rejects.toThrow(/holds a list/);
  });

  it('refuses rows that are not there, and closes the file of what it refused', async () => {
    const set = await openFeatures(golden('f4.npy'));
    for (const [start, end] of [
      [-1, 2],
      [3, 2],
      [0, 41],
      [0.5, 2],
      [0, Number.NaN],
    ] as const)
      await expect(set.rows(start, end)).rejects.toThrow(InputError);
    await set.close();
    const open = () => readdirSync('/dev/fd').length;
    const before = open();
    for (let i = 0; i < 50; i++) await refusal(golden('complex.npy'));
    expect(open()).toBeLessThan(before + 25); // others in this process open and close some, too
  });
});

describe('a pickle', () => {
  it('that would call something is refused, and calls nothing', async () => {
    const print = vi.spyOn(console, 'info');
    expect(await refusal(golden('call.pkl'))).toMatch(
      /at byte \d+ it refers to "builtins.print", which is no part of an array/,
    );
    expect(print).not.toHaveBeenCalled();
  });

  it.each([
    ['cos\nsystem\n(S"true"\ntR.', 'os.system'],
    ['c__builtin__\neval\n.', '__builtin__.eval'],
    ['cnumpy\nload\n.', 'numpy.load'],
    ['c__proto__\nconstructor\n.', '__proto__.constructor'],
  ])('%j is refused', async (operations, name) => {
    expect(await refusal(written('evil.pkl', `\x80\x02${operations}`.replace('\x80', '\u0080')))).toMatch(
      /protocol 2, 3, 4/,
    );
    const bytes = Buffer.from(`\x80\x02${operations}`, 'latin1');
    expect(await refusal(written('evil.pkl', bytes))).toContain(`at byte 2 it refers to "${name}"`);
  });

  it.each([
    ['.', 'the stack is empty'],
    ['(0.', 'the stack is empty'],
    ['h\x07.', 'there is nothing under 7'],
    ['t.', 'there is no mark'],
    ['N)R.', 'a tuple'],
    ['}(K\x01u.', 'a key has no value'],
    ['NNb.', 'None is given the state None'],
    ['P0\n.', 'the operation 0x50'],
    ['\x8a\x09123456789.', 'it holds a number'],
    ['U\x01aQ.', 'something outside the file is referred to'],
    ['X\xff\xff\xff\x7f.', 'there is text of 2147483647 bytes'],
    ['B\xff\xff\xff\x7f.', '2147483647 bytes are to follow'],
    ['\x8e\xff\xff\xff\xff\xff\xff\xff\xff.', 'bytes are to follow'],
    ['N.', 'it holds None'],
    ['cnumpy\nndarray\n)R.', 'numpy.ndarray is called, not only named'],
  ])('%j is refused', async (operations, found) => {
    const path = written('odd.pkl', Buffer.from(`\x80\x03${operations}`, 'latin1'));
    expect(await refusal(path)).toContain(found);
  });

  it('of any depth is read or refused, in bounded steps', async () => {
    const deep = Buffer.concat([
      Buffer.from('\x80\x02N', 'latin1'),
      Buffer.alloc(200_000, 0x85),
      Buffer.from('.'),
    ]);
    expect(await refusal(written('deep.pkl', deep))).toMatch(/it holds a tuple/);
    const long = Buffer.concat([Buffer.from('\x80\x02', 'latin1'), Buffer.alloc(2_000_000, 0x4e)]);
    expect(await refusal(written('long.pkl', long))).toMatch(/more than 1000000 operations/);
  });
});
