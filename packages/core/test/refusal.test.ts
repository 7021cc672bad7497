/** Real refusals of the system: a full disk, one that is read-only, files for folders. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { refusal } from '../src/index.ts';
import { makeFolder } from '../src/make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-refusal-'));
const file = join(folder, 'file');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failed = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe('refusal', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['ENOENT', () => readFile(join(folder, 'none')), `it is not there (ENOENT at ${folder}/none)`],
    ['ENOTDIR', () => readFile(join(file, 'none')), 'a file stands where a folder should (ENOTDIR'],
    ['EISDIR', () => readFile(folder), 'it is a folder (EISDIR'],
    ['ENAMETOOLONG', () => readFile(join(folder, 'a'.repeat(300))), 'a name in it is too long (ENAMETOOLONG'],
    ['EEXIST', () => makeFolder(file), `a file stands where a folder should (EEXIST at ${file})`],
  ])('%s', async (code, work, found) => {
    const error = await failed(work());
    expect(error).toMatchObject({ code });
    expect(refusal(error)?.found).toContain(found);
    expect(refusal(error)?.remedy).toMatch(/^\w/);
  });

  it.runIf(existsSync('/dev/full'))('ENOSPC, by a device that is always full', async () => {
    const full = await open('/dev/full', 'w');
    const error = await failed(full.writeFile('x')).finally(() => full.close());
    expect(refusal(error)).toEqual({
      found: 'the disk is full (ENOSPC)',
      remedy: 'make room, or name a folder on another disk',
    });
  });

  it('does not name the path twice', async () => {
    const error = await failed(readFile(join(folder, 'none')));
    expect(refusal(error, { of: join(folder, 'none') })?.found).toBe('it is not there (ENOENT)');
  });

  it.each([
    [undefined],
    [null],
    [new Error('x')],
    [{ code: 'ERR_ASSERTION' }],
    [{ code: 'toString' }],
    ['ENOENT'],
  ])('is none of %o', (error) => expect(refusal(error)).toBeUndefined());
});

describe('makeFolder', () => {
  it('makes those above it as well, and leaves what is there', async () => {
    const deep = join(folder, 'a/b/c');
    await makeFolder(deep, { mode: 0o700 });
    expect(statSync(deep).mode & 0o777).toBe(0o700);
    writeFileSync(join(deep, 'kept'), '');
    await Promise.all([makeFolder(deep), makeFolder(join(deep, 'd')), makeFolder(join(deep, 'd'))]);
    expect(existsSync(join(deep, 'kept')) && existsSync(join(deep, 'd'))).toBe(true);
  });

  it.runIf(process.platform === 'linux')('ends where the system makes no folders', async () => {
    const error = await failed(makeFolder('/proc/longtail/deeper'));
    expect(refusal(error)).toEqual({
      found: 'the system makes no folders there (ENOENT at /proc/longtail)',
      remedy: 'name another place',
    });
  });

  it('says that a disk is read-only', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`no disk can be mounted here: ${error}`);
    }
    try {
      await makeFolder(disk);
      expect(await failed(makeFolder(join(disk, 'a/b')))).toMatchObject({ code: 'EROFS' });
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
