/** `longtail reproduce` through the real command: stopped, gone on with, shared between experiments, and refused. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CLI, longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-reproduce-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.NODE_COMPILE_CACHE = join(root, 'compiled'); // most of what so small a run takes is the command's start

const RECIPE = join(import.meta.dirname, 'interrupted-recipe.ts');
const run = join(root, 'runs', 'interrupted-seed-0');
const argsOf = (experiment: string, ...more: string[]): string[] => [
  ...['reproduce', experiment, '--recipe', RECIPE, '--seeds', '1', '--runs', join(root, 'runs')],
  ...['--out', join(root, experiment), '--set', 'headEpochs=1', ...more],
];
const SOME = ['epochs=1', 'samplers=instance-balanced,square-root'];

function stopped(args: readonly string[], moment: object): Promise<{ code: unknown; stderr: string }> {
  const env = { ...process.env, LONGTAIL_INTERRUPT: JSON.stringify(moment) };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

it('goes on after a stop, and other experiments take what is there', { timeout: 240_000 }, async () => {
  // In the second representation: the first one is whole by then.
  const args = argsOf('figure-1', ...SOME);
  const ended = await stopped(args, { at: 'train', count: 25, signal: 'SIGINT' });
  expect([ended.code, ended.stderr]).toEqual([75, expect.stringContaining('stopped by SIGINT')]);
  expect(existsSync(join(root, 'figure-1'))).toBe(false);
  const first = join(run, 'instance-balanced', 'representation.safetensors');
  const { ino } = statSync(first);

  const planned = await longtail([...args, '--dry-run', '--json']);
  expect([planned.code, planned.stderr]).toEqual([0, expect.any(String)]);
  const { runs } = JSON.parse(planned.stdout);
  expect(runs).toMatchObject([
    { folder: run, seed: 0, state: 'begun', samplers: [{ isDone: true }, { isDone: false }] },
  ]);
  expect(runs[0].seconds).toBeGreaterThan(0);

  const ofOthers = join(root, 'figure-1', 'figures', '99-of-others.png');
  mkdirSync(dirname(ofOthers), { recursive: true });
  writeFileSync(ofOthers, '');
  const done = await longtail(args);
  expect([done.code, done.stderr]).toEqual([0, expect.any(String)]);
  expect(statSync(first).ino).toBe(ino); // not trained again
  expect(done.stdout).toMatch(/square-root, cRT +– +– +\d+\.\d/);
  expect(done.stdout).toContain('No number is published of interrupted-recipe');
  const out = (name: string) => readFileSync(join(root, 'figure-1', name), 'utf8');
  expect(out('reproduce.html')).toContain('1 of 3 epochs');
  expect(out('reproduce.csv').trim().split(/\r?\n/)).toHaveLength(1 + 2 * 5 * 4);
  expect(out('reproduce.md')).toContain('| square-root | cRT | – |');
  expect(existsSync(ofOthers)).toBe(true);
  rmSync(ofOthers);
  const drawn = readdirSync(join(root, 'figure-1', 'figures'));
  expect(drawn.filter((name) => name.endsWith('.svg'))).toHaveLength(drawn.length / 2);

  const table = await longtail([...argsOf('table-places-lt', 'epochs=1'), '--json']);
  expect([table.code, table.stderr]).toEqual([0, expect.stringContaining('there, taken as it is')]);
  const { rows, seeds, files } = JSON.parse(table.stdout);
  expect(seeds).toEqual([0]);
  expect(rows.map(({ classifier }: { classifier: string }) => classifier)).toEqual([
    ...['joint', 'ncm', 'crt', 'tau', 'lws'],
  ]);
  expect(files).toContain(join(root, 'table-places-lt', 'reproduce.html'));
});

it('refuses what it cannot do, and writes nothing', { timeout: 120_000 }, async () => {
  const before = readFileSync(join(run, 'run.json'), 'utf8');
  const other = await longtail(argsOf('figure-2', 'epochs=2'));
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringMatching(
      /interrupted-seed-0 holds a run with epochs=1, but .* epochs=2; name another folder/,
    ),
  ]);
  expect(readFileSync(join(run, 'run.json'), 'utf8')).toBe(before);
  expect(existsSync(join(root, 'figure-2'))).toBe(false);
  const twin = join(root, 'twin.ts');
  writeFileSync(twin, `export { default } from ${JSON.stringify(RECIPE)};`);
  const twins = await longtail(argsOf('figure-2', 'epochs=1', '--recipe', RECIPE, twin));
  expect([twins.code, twins.stderr]).toEqual([
    2,
    expect.stringMatching(/both have .*interrupted-seed-0 for their run, since both are named interrupted/),
  ]);
  const unknown = await longtail(['reproduce', 'figure-3', '--seeds', '1']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean "figure-')]);
  const none = await longtail(['reproduce', 'figure-1', '--seeds', '0']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--seeds takes an integer from 1')]);
});

it('plans without pictures or weights what the recipe states', { timeout: 60_000 }, async () => {
  const plan = ['reproduce', 'table-places-lt', '--seeds', '2', '--runs', join(root, 'none'), '--dry-run'];
  const { code, stdout, stderr } = await longtail(plan);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('places-lt needs --set pretrained=FILE to run'),
  ]);
  expect(stdout).toMatch(/2 runs to be done: about 4 h .*on a GPU/);
});
