/** What the system refuses, through the real command: one sentence with path and remedy. The disks are real ones. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-system-'));
const pictures = join(folder, 'pictures');
const at = (...names: string[]) => join(folder, ...names);
const isRoot = process.getuid?.() === 0;

beforeAll(() => {
  const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
  mkdirSync(join(pictures, 'ant'), { recursive: true });
  writeFileSync(join(pictures, 'ant/1.gif'), Buffer.from(gif, 'base64'));
  writeFileSync(at('file'), '');
  mkdirSync(at('closed'));
  chmodSync(folder, 0o755);
  chmodSync(at('closed'), 0o555);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const draw = (svg: string) => longtail(['data', 'stats', 'folder', '--data', pictures, '--svg', svg]);
const sentence = (svg: string, found: string) =>
  new RegExp(
    `^expected to write ${svg}, but ${found}.*; [^\\n]+, and start again: what is written already is kept\\.\\n$`,
  );

describe('a file that cannot be written', { timeout: 120_000 }, () => {
  it.each([
    ['ENOTDIR', at('file/x.svg'), `a file stands where a folder should \\(EEXIST at ${at('file')}`],
    [
      'ENOTDIR, deeper',
      at('file/a/x.svg'),
      `a file stands where a folder should \\(ENOTDIR at ${at('file/a')}`,
    ],
    ['EISDIR', pictures, 'it is a folder \\(EISDIR\\)'],
    ['ENAMETOOLONG', at(`${'a'.repeat(300)}.svg`), 'a name in it is too long \\(ENAMETOOLONG\\)'],
  ])('%s', async (_, svg, found) => {
    const { code, stderr } = await draw(svg);
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence(svg, found))]);
  });

  it.each([
    ['EROFS', 'ro', 'the disk is read-only \\(EROFS\\)'],
    ['ENOSPC', 'size=4k', 'the disk is full \\(ENOSPC\\)'],
  ])('%s', async (code, options, found) => {
    const disk = at(code);
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      return console.warn(`skipped: no disk can be mounted here: ${error}`);
    }
    try {
      if (code === 'ENOSPC') writeFileSync(join(disk, 'other'), Buffer.alloc(4096));
      const svg = join(disk, 'x.svg');
      const ended = await draw(svg);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(sentence(svg, found))]);
      expect(existsSync(svg)).toBe(false);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('EACCES', async () => {
    const svg = at('closed/x.svg');
    const args = [CLI, 'data', 'stats', 'folder', '--data', pictures, '--svg', svg];
    const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {}; // root may write anywhere
    const stderr = await new Promise<string>((resolve) =>
      execFile(process.execPath, args, nobody, (_, __, text) => resolve(text)),
    );
    expect(stderr).toMatch(sentence(svg, 'you have no permission \\(EACCES\\)'));
  });

  it.runIf(existsSync('/dev/full'))('stdout itself', async () => {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) =>
      execFile('sh', ['-c', `"${process.execPath}" "${CLI}" --version > /dev/full`], (error, _, text) =>
        resolve({ code: error?.code, stderr: text }),
      ),
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^expected to write .*the disk is full \(ENOSPC\); .*\n$/),
    ]);
  });
});

it.each([
  ['ENOENT', at('none'), 'it is not there \\(ENOENT\\)'],
  ['ENOTDIR', at('file'), 'a file stands where a folder should \\(ENOTDIR\\)'],
  ['ENAMETOOLONG', at('a'.repeat(300)), 'a name in it is too long \\(ENAMETOOLONG\\)'],
])(
  '%s: a folder that cannot be read',
  async (_, data, found) => {
    const { code, stderr } = await longtail(['data', 'stats', 'folder', '--data', data]);
    const whole = new RegExp(`^expected a folder of class folders in ${data}, but ${found}; [^\\n]+\\.\\n$`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(whole)]);
  },
  60_000,
);
