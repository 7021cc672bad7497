/** libtorch 2.11 and 2.12, which lack two functions: a library whose table of names lacks them, and what is refused. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { abiFor, isOlder } from '../src/older.ts';
import { library } from './both.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-older-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('compares versions by their numbers', () => {
  expect(
    [
      [1, 99],
      [2, 9],
      [2, 10],
    ].map((version) => isOlder(version, [2, 11])),
  ).toEqual([true, true, true]);
  expect(
    [
      [2, 11],
      [2, 15],
      [3, 0],
    ].map((version) => isOlder(version, [2, 11])),
  ).toEqual([false, false, false]);
  expect(
    [
      [2, 11],
      [2, 13],
      [2, 15],
    ].map(abiFor),
  ).toEqual([0x020b_0000_0000_0000n, 0x020d_0000_0000_0000n, 0x020d_0000_0000_0000n]);
});

describe.skipIf(!library || process.platform !== 'linux')('a library without them', () => {
  it('computes, and says where its reasons are', async () => {
    const bytes = readFileSync(join(library!, 'libtorch_cpu.so'));
    for (const name of ['torch_exception_get_what_without_backtrace', 'torch_new_stable_ivalue'])
      for (let at = bytes.indexOf(`${name}\0`); at >= 0; at = bytes.indexOf(`${name}\0`, at + 1))
        bytes.write('uN', at); // for 'to': a name with the same hash, by which the loader looks names up
    writeFileSync(join(root, 'libtorch_cpu.so'), bytes);
    // Its neighbours find one another from their own folder, and its path to CUDA's goes by a folder two above.
    for (const name of ['libc10.so', 'libgomp.so.1']) symlinkSync(join(library!, name), join(root, name));
    const env = { ...process.env, LD_LIBRARY_PATH: join(library!, '../../nvidia/cu13/lib') };
    const program = [join(import.meta.dirname, 'older-program.ts'), root];
    const { stdout } = await promisify(execFile)(process.execPath, program, { env });
    expect(JSON.parse(stdout)).toEqual({
      version: expect.stringMatching(/^2\./),
      cast: [2, 0, 1294967296],
      refused:
        'libtorch refused aten::mm of [2,3], [2,3]: a libtorch older than 2.13 tells its reason on stderr alone',
    });
  }, 60_000);
});
