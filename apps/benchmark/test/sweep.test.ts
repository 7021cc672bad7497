/**
 * `longtail sweep` on one machine, by the real command: one cell killed, one stopped, one that cannot work, the whole stopped
 * half way; in the end every run is that of `longtail run`, to the bit.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Cell, cellFolder } from '../src/sweep/cell.ts';
import { numbersOf, stageOf } from './interrupted.ts';
import { CLI, longtail } from './longtail.ts';
import { stages } from './sweep-numbers.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-sweep-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.NODE_COMPILE_CACHE = join(root, 'compiled'); // most of what so small a run takes is the command's start

const recipe = join(import.meta.dirname, 'interrupted-recipe.ts');
const file = join(root, 'sweep.yaml');
const out = join(root, 'out');
const OPTIONS = [
  { epochs: 12 },
  { epochs: 12, headLearningRate: 0.1 }, // of the same stage 1
  { learningRate: 1e30 }, // no finite loss
  { epochs: 10 },
];
writeFileSync(file, JSON.stringify({ recipe, list: OPTIONS }));

const cells = (): Cell[] =>
  readFileSync(join(out, 'sweep.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const folderOf = (index: number): string => cellFolder({ folder: out }, cells()[index]!);

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
async function until<T>(found: () => T | undefined | false): Promise<T> {
  for (;;) {
    const value = found();
    if (value) return value;
    await moment();
  }
}

interface Running {
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

function started(args: readonly string[]): Running {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr!.on('data', (text) => {
    stderr += text;
  });
  return { ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr }))) };
}

/** Sends a signal to a cell once it has trained an epoch. */
async function signalled(index: number, signal: NodeJS.Signals): Promise<void> {
  await until(() => existsSync(join(out, 'sweep.jsonl')));
  const folder = folderOf(index);
  await until(() => existsSync(stageOf(folder, 'representation')));
  process.kill(JSON.parse(readFileSync(join(folder, 'run.lock'), 'utf8')).pid, signal);
}

const states = async (): Promise<string[]> => {
  const { stdout, code } = await longtail(['sweep', 'status', out, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout).cells.map(({ state }: { state: string }) => state);
};

it('goes on with what was killed, stopped or failed, and ends with the runs of longtail run', {
  timeout: 600_000,
}, async () => {
  const args = ['sweep', file, '--out', out, '--parallel', '2', '--with', 'memory=0.3'];
  const first = started(args);
  await Promise.all([signalled(0, 'SIGKILL'), signalled(3, 'SIGTERM')]);
  // Started again, it goes on to its end; everything is stopped before the cell that takes its stage 1 has got far.
  await until(() => existsSync(join(folderOf(0), 'report.html')));
  const canceled = await longtail(['sweep', 'cancel', out]);
  expect([canceled.code, canceled.stdout]).toEqual([
    0,
    expect.stringContaining('was asked to stop its cells'),
  ]);
  const stopped = await first.ended;
  expect([stopped.code, stopped.stderr]).toEqual([75, expect.any(String)]);
  for (const said of [
    'was ended by SIGKILL: it goes on',
    'was stopped: it goes on',
    'stopped by SIGTERM; start',
  ])
    expect(stopped.stderr).toContain(said);

  const [made, ...others] = await states();
  expect([made, others]).toEqual(['done', expect.not.arrayContaining(['running'])]);
  const half = join(root, 'half');
  const collected = await longtail(['sweep', 'collect', out, '--out', half]);
  expect([collected.code, collected.stderr]).toEqual([0, expect.stringMatching(/of 4 are done/)]);
  expect(readFileSync(join(half, 'table.md'), 'utf8')).toMatch(/of 4 cells; the others are not done\.\n$/);
  const { lines, done } = JSON.parse(readFileSync(join(half, 'table.json'), 'utf8'));
  expect(lines.length).toBe(5 * done); // of one seed each
  expect(statSync(join(half, 'table.csv')).size).toBeGreaterThan(100);
  expect(existsSync(join(half, done > 1 ? 'comparison.html' : 'report.html'))).toBe(true);

  const second = started(args);
  const { code, stderr } = await second.ended;
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/1 cell failed, \d done:\n.*expected a finite loss/),
  ]);
  expect(stderr).not.toMatch(/foreseen/);
  expect(await states()).toEqual(['done', 'done', 'failed', 'done']);

  const [trained, taken] = [0, 1].map((index) => statSync(stageOf(folderOf(index), 'representation')));
  expect(taken!.ino).toBe(trained!.ino);
  const isAsPlain = async (index: number): Promise<void> => {
    const plain = join(root, `plain-${index}`);
    const set = Object.entries(OPTIONS[index]!).map(([name, value]) => `${name}=${value}`);
    const ended = await longtail(['run', recipe, '--out', plain, '--set', ...set]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(numbersOf(folderOf(index), { stages })).toEqual(numbersOf(plain, { stages }));
  };
  await Promise.all([isAsPlain(1), isAsPlain(3)]);
});

it('--dry-run counts each stage 1 once, and writes nothing', { timeout: 120_000 }, async () => {
  const [small, place] = [join(root, 'small.yaml'), join(root, 'nowhere')];
  writeFileSync(
    small,
    `recipe: ${recipe}\nset: {batchSize: 8}\nseeds: 2\ngrid:\n  headLearningRate: [0.05, 0.1]\n`,
  );
  const { code, stdout, stderr } = await longtail(['sweep', small, '--out', place, '--dry-run']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('measuring 1 of 1: ')]);
  expect(stderr.match(/batchSize is 8 instead of 4, .*rates scale with the batch/g)).toHaveLength(1);
  expect(stdout).toMatch(
    /^runs {4}4, of 2 trainings of a representation, shared where 4 would be needed\ntime {4}about [\d.]+ hours of the CPU \(measured here\)\ndisk {4}about \d.* MB in .*nowhere, where \d/,
  );
  expect(existsSync(place)).toBe(false);
});
