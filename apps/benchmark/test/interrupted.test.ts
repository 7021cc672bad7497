/**
 * The real command, killed and stopped at drawn moments of every stage and of the write of a checkpoint, ends with the
 * weights, predictions and rows of a run that was left alone, bit for bit. Three moments here; every stage by every signal
 * with `pnpm fuzz runs`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { fuzzing } from '@longtail/test-support';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { argsOf, interrupted, numbersOf } from './interrupted.ts';
import type { Interruption } from './interrupted-recipe.ts';
import { longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-interrupted-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.NODE_COMPILE_CACHE = join(root, 'compiled'); // most of what so small a run takes is the command's start

const whole = join(root, 'whole');
let wanted: ReturnType<typeof numbersOf>;
beforeAll(async () => {
  const ended = await longtail(argsOf(whole));
  expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
  wanted = numbersOf(whole);
}, 120_000);

/** Their numbers have no common divisor: twenty moments are all pairs. */
const STAGES: readonly Interruption['at'][] = ['train', 'write', 'classify', 'extract'];
const SIGNALS: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGUSR1', 'SIGTERM', 'SIGUSR2', 'SIGINT'];
/** What there is to count of each in this run, less what a step may be ahead of. */
const COUNTS = { train: 95, write: 50, classify: 4, extract: 25 };

const { runs, seed } = fuzzing({ runs: 3 });
const moments = Array.from({ length: runs }, (_, i): Interruption => {
  const at = STAGES[i % STAGES.length]!;
  const count = Math.floor(random(seed, 'interruption', i).uniform() * COUNTS[at]);
  return { at, count, signal: SIGNALS[i % SIGNALS.length]! };
});

it.concurrent.each(moments)(
  'goes on after $signal in $at, $count, to the same numbers',
  async (moment) => {
    const folder = join(root, `${moment.at}-${moment.count}-${moment.signal}`);
    const { code, signal, stderr } = await interrupted(folder, moment);
    if (moment.signal === 'SIGKILL') expect([signal, stderr]).toEqual(['SIGKILL', expect.any(String)]);
    else expect([code, stderr]).toEqual([75, expect.stringContaining(`stopped by ${moment.signal}`)]);
    expect(stderr).not.toMatch(/Debugger/);
    expect(existsSync(join(folder, 'results.json'))).toBe(false);
    const resumed = await longtail(['resume', folder]);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.not.stringMatching(/damaged/)]);
    expect(numbersOf(folder)).toEqual(wanted);
    rmSync(folder, { recursive: true });
  },
  120_000,
);

it('resume keeps to the engine and the groups that the run was begun with', {
  timeout: 120_000,
}, async () => {
  const folder = join(root, 'other-engine');
  const moment = { at: 'train', count: 10, signal: 'SIGTERM' } as const;
  const stopped = await interrupted(folder, moment, ['--backend', 'wasm', '--groups', 'oltr']);
  expect([stopped.code, stopped.stderr]).toEqual([75, expect.any(String)]);
  const { code, stdout, stderr } = await longtail(['resume', folder, '--json']);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const { engine, protocol } = JSON.parse(stdout);
  expect([engine.backend, protocol.groupRule]).toEqual(['wasm', 'oltr']);
});
