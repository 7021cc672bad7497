/** A full disk, a read-only one and a damaged checkpoint in the middle of a run: a sentence, nothing lost, and good after bad. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { argsOf, interrupted, numbersOf, stageOf } from './interrupted.ts';
import { longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-bad-disk-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.NODE_COMPILE_CACHE = join(root, 'compiled'); // most of what so small a run takes is the command's start

let wanted: object;
beforeAll(async () => {
  const ended = await longtail(argsOf(join(root, 'whole')));
  expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
  wanted = numbersOf(join(root, 'whole'));
}, 120_000);

/** Of the last line of stderr: before it is progress. */
const sentenceOf = (stderr: string): string => stderr.trim().split('\n').at(-1)!;

it('a disk that fills up, and one that turns read-only', { timeout: 240_000 }, async (context) => {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`no disk can be mounted here: ${error}`);
  }
  try {
    const folder = join(disk, 'run');
    const stopped = await interrupted(folder, { at: 'train', count: 30, signal: 'SIGTERM' });
    expect([stopped.code, stopped.stderr]).toEqual([75, expect.any(String)]);
    const kept = readFileSync(stageOf(folder, 'representation'));

    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'other'), Buffer.alloc(bavail * bsize - 2 ** 16));
    const full = await longtail(['resume', folder]);
    expect([full.code, sentenceOf(full.stderr)]).toEqual([
      1,
      expect.stringMatching(
        /^expected to write .*representation\.safetensors, but the disk is full \(ENOSPC\); .*: what is written already is kept\.$/,
      ),
    ]);
    expect(readFileSync(stageOf(folder, 'representation'))).toEqual(kept);
    rmSync(join(disk, 'other'));

    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const closed = await longtail(['resume', folder]);
    expect([closed.code, closed.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^expected to hold the run by .*run\.lock, but the disk is read-only \(EROFS.*\n$/,
      ),
    ]);
    expect((await longtail(['status', folder])).stdout).toMatch(/train \d of 3 epochs and \d+ pictures/);
    execFileSync('mount', ['-o', 'remount,rw', disk]);

    const resumed = await longtail(['resume', folder]);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
    expect(numbersOf(folder)).toEqual(wanted);
  } finally {
    execFileSync('umount', [disk]);
  }
});

it('a bit of the last checkpoint that is another one', { timeout: 120_000 }, async () => {
  const folder = join(root, 'bit');
  const killed = await interrupted(folder, { at: 'train', count: 40, signal: 'SIGKILL' });
  expect([killed.signal, killed.stderr]).toEqual(['SIGKILL', expect.any(String)]);
  const path = stageOf(folder, 'representation');
  const content = readFileSync(path);
  content[content.length - 1000]! ^= 1;
  writeFileSync(path, content);
  const resumed = await longtail(['resume', folder]);
  expect([resumed.code, resumed.stderr]).toEqual([
    0,
    expect.stringMatching(
      /representation\.safetensors is damaged: the training goes on from the checkpoint before it, \d epochs and \d+ pictures in\.\n/,
    ),
  ]);
  expect(numbersOf(folder)).toEqual(wanted);
});
