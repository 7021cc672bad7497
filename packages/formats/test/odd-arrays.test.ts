/** Files of arrays of every kind against what NumPy and safetensors read from them (golden/odd_arrays.py). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { openArrays } from '../src/index.ts';

interface OddFile {
  readonly name: string;
  /** base64 */
  readonly bytes: string;
  readonly arrays: Readonly<Record<string, { dtype: string; shape: number[]; sha256: string } | null>>;
}
const folder = join(import.meta.dirname, 'golden');

const digest = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');

async function check({ name, bytes, arrays }: OddFile): Promise<void> {
  const file = await openArrays(Buffer.from(bytes, 'base64'), { name });
  expect(new Set(file.arrays.map((entry) => entry.name))).toEqual(new Set(Object.keys(arrays)));
  for (const [array, expected] of Object.entries(arrays)) {
    if (expected === null) {
      await expect(file.read(array)).rejects.toThrow(DataError);
      continue;
    }
    const entry = file.arrays.find((found) => found.name === array);
    expect(entry).toMatchObject({ dtype: expected.dtype, shape: expected.shape });
    const { dtype, shape, data } = await file.read(array);
    expect({ dtype, shape, sha256: digest(data) }).toEqual(expected);
    const [length] = shape;
    if (length === undefined) continue;
    // By rows: the same, joined.
    const cuts = [0, Math.min(1, length), Math.max(0, length - 1), length].sort((a, b) => a - b);
    const parts = [];
    for (const [i, start] of cuts.slice(0, -1).entries())
      parts.push((await file.read(array, { start, end: cuts[i + 1]! })).data);
    const joined = Buffer.concat(
      parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
    );
    expect(digest(joined)).toBe(expected.sha256);
  }
}

const { files } = JSON.parse(readFileSync(join(folder, 'odd_arrays.json'), 'utf8')) as { files: OddFile[] };

describe('files of arrays', () => {
  it.each(files.map((file) => [file.name, file] as const))('%s', (_, file) => check(file));

  it('of another seed, where LONGTAIL_PYTHON names a Python with numpy and safetensors', async ({ skip }) => {
    const { LONGTAIL_PYTHON, LONGTAIL_FUZZ_SEED = '1' } = process.env;
    if (!LONGTAIL_PYTHON) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with numpy and safetensors');
      return skip('no LONGTAIL_PYTHON');
    }
    const { stdout, stderr } = spawnSync(
      LONGTAIL_PYTHON,
      [join(folder, 'odd_arrays.py'), LONGTAIL_FUZZ_SEED],
      { encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, PYTHONIOENCODING: 'utf-8' } },
    );
    expect(stderr).toBe('');
    for (const file of (JSON.parse(stdout) as { files: OddFile[] }).files) await check(file);
  });
});
