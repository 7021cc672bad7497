/** The whole road through the real command, on real pictures, cut short. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedOrSkip, torchLibrary } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'longtail-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function longtail(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = join(import.meta.dirname, '../src/cli.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: (error as { code?: number } | null)?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('longtail run', () => {
  it.each([
    [2, ['run', 'cifar10'], /a recipe is one of cifar-10-lt, but got "cifar10"/],
    [
      2,
      ['run', 'cifar-10-lt', '--data', '.', '--set', 'epoch=3'],
      /one of the keys epochs, .*but got "epoch=3"/,
    ],
    [
      2,
      ['run', 'cifar-10-lt', '--data', '.', '--set', 'epochs=many'],
      /--set epochs takes a number >= 0 such as 200, but got "many"/,
    ],
    [
      2,
      ['run', 'cifar-10-lt', '--data', '.', '--set', 'samplers=uniform'],
      /a sampler is one of .*but got "uniform"/,
    ],
    [2, ['run', 'cifar-10-lt', '--data', '.', '--seed', 'x'], /--seed takes an integer, but got "x"/],
    [1, ['run', 'cifar-10-lt'], /name their folder with --data/],
    [
      1,
      ['run', 'cifar-10-lt', '--data', folder, '--out', folder],
      /expected cifar10-jpg.tar.gz in .*name its folder with --data/,
    ],
  ])('ends with %i and one line: %j', async (code, args, message) => {
    const ended = await longtail(...args);
    expect(ended.stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('names an archive that is cut short', async (context) => {
    const archive = readFileSync(sharedOrSkip(context, 'data/cifar10/cifar10-jpg.tar.gz'));
    writeFileSync(join(folder, 'cifar10-jpg.tar.gz'), archive.subarray(0, 1_000_000));
    const ended = await longtail('run', 'cifar-10-lt', '--data', folder, '--out', join(folder, 'out'));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/expected a whole tar.gz of CIFAR-10 JPEGs in .*fetch it again/);
  });

  it('gives the five classifiers of a representation, the same ones twice for a seed', async (context) => {
    const data = sharedOrSkip(context, 'data/cifar10');
    if (!torchLibrary()) context.skip('no libtorch: too slow without it');
    const args = [
      'run',
      'cifar-10-lt',
      '--data',
      data,
      '--json',
      '--set',
      'epochs=1',
      'batchSize=512',
      'imagesPerEpoch=1024',
      'headEpochs=1',
      'samplers=instance-balanced',
    ];
    const [first, second] = [
      await longtail(...args, '--out', join(folder, 'a')),
      await longtail(...args, '--out', join(folder, 'b')),
    ];
    expect([first.code, first.stderr]).toEqual([0, expect.any(String)]);
    const { rows, dataset } = JSON.parse(first.stdout);
    expect(rows.map((row: { classifier: string }) => row.classifier)).toEqual([
      'joint',
      'ncm',
      'crt',
      'tau',
      'lws',
    ]);
    expect(dataset.trainCounts).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]);
    expect(JSON.parse(second.stdout).rows).toEqual(rows);
    expect(JSON.parse(readFileSync(join(folder, 'a/results.json'), 'utf8')).rows).toEqual(rows);
  }, 300_000);
});
