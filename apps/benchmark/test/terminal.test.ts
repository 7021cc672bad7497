/** What a terminal shows: its width, its colours, and a command that can be copied. The terminal is a real one, by script(1). */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { duration } from '@longtail/report/results';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTyped } from '../src/cli/command-name.ts';
import { commandLine } from '../src/cli/main.ts';
import { wrap } from '../src/text/wrap.ts';
import { CLI, longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasRun = torchLibrary() !== undefined;
if (!hasRun) console.warn('skipped: how a run is reported, as there is no libtorch: too slow without it.');
beforeAll(async () => {
  const set = ['epochs=1', 'imagesPerEpoch=64', 'headEpochs=1', 'samplers=instance-balanced'];
  if (hasRun) await longtail(['run', 'demo', '--out', folder, '--set', ...set]);
}, 120_000);

/** `script -qec`, of Linux. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
if (!hasTerminal) console.warn('skipped: what a terminal shows, as there is no script(1) of Linux here.');

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** What the command shows on a terminal of so many columns. */
async function shown(args: readonly string[], columns: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...rest } = process.env; // Node draws no colours where CI is set
  const command = `stty cols ${columns}; ${[process.execPath, CLI, ...args].map(quoted).join(' ')}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    env: { ...rest, TERM: 'xterm-256color', ...env },
  });
  return stdout.replaceAll('\r\n', '\n');
}
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
const COLOURS = '\u001B[1m';

describe.runIf(hasTerminal && hasRun)('a terminal', { timeout: 60_000 }, () => {
  it.each([120, 80, 60, 44])('of %i columns gets lines and tables that fit', async (columns) => {
    const text = stripVTControlCharacters(await shown(['report', folder], columns));
    const path = join(folder, 'report.html');
    expect(widest(text.replace(path, ''))).toBeLessThanOrEqual(columns);
    expect(text).toContain(path); // whole, to be copied
    expect(text).toMatch(/\n {2}cRT( +\d+\.\d[* ]){4}\n/);
    const [, finding] = text.split(/^Re-balancing the classifier alone[\s\S]*? [A-Z]+\n/m);
    expect(finding).toMatch(/^ {2}\S.*\n {2}\S/); // further lines as the first
  });

  it.each([60, 50])('of %i columns gets help and errors that fit, too', async (columns) => {
    expect(widest(await shown(['run', '--help'], columns).then(withoutExamples))).toBeLessThanOrEqual(
      columns,
    );
    const error = await shown(['run', 'demo', '--seed', 'x'], columns).catch((cause) => cause.stdout);
    expect(widest(error.replaceAll('\r\n', '\n'))).toBeLessThanOrEqual(columns);
  });

  it('gets colours, but not where NO_COLOR or TERM=dumb is set', async () => {
    expect(await shown(['report', folder], 80)).toContain(COLOURS);
    expect(await shown(['report', folder], 80, { NO_COLOR: '1' })).not.toContain('\u001B');
    expect(await shown(['report', folder], 80, { TERM: 'dumb' })).not.toContain('\u001B');
  });
});

it.runIf(hasRun)('a pipe gets no colours and whole lines; with FORCE_COLOR colours', async () => {
  const env = { FORCE_COLOR: undefined, NO_COLOR: undefined };
  const piped = await longtail(['report', folder], { env });
  expect(piped.stdout).not.toContain('\u001B');
  expect(piped.stdout).toMatch(/\n {2}On instance-balanced features.{120,}\n/);
  expect((await longtail(['report', folder], { env: { ...env, FORCE_COLOR: '1' } })).stdout).toContain(
    COLOURS,
  );
});

const withoutExamples = (help: string) => help.slice(0, help.indexOf('Examples:'));

it('wraps between words, keeps an indent, and leaves long words and commands whole', () => {
  expect(wrap('  one two three four five six', 20)).toBe('  one two three four\n  five six');
  expect(wrap('a\n\nb', 20)).toBe('a\n\nb');
  expect(wrap(`see ${'/long'.repeat(9)} there`, 20)).toBe(`see\n${'/long'.repeat(9)}\nthere`);
  const next = 'next: longtail data verify places-lt --data DIR';
  expect(wrap(next, 20)).toBe(next);
  expect(wrap('one two three four five six', undefined)).toBe('one two three four five six');
});

it.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.7, '1 min 0 s'],
  [119.7, '2 min 0 s'],
  [3599.7, '1 h 0 min'],
  [7199, '2 h 0 min'],
])('%f s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));

describe('a hint names the command as it is typed here', () => {
  const hint = async (env: NodeJS.ProcessEnv, cwd = folder) => {
    const { stdout } = await longtail(['report', '--help'], { env, cwd });
    return /Examples:\n {2}(.*) report runs/.exec(stdout)?.[1];
  };
  const bin = join(folder, 'bin');
  beforeAll(() => {
    symlinkSync(CLI, join(folder, 'longtail'));
    chmodSync(CLI, 0o755);
  });

  it('longtail, where the shell finds it', async () => {
    expect(await hint({ PATH: `${bin}:${folder}:${process.env.PATH}` })).toBe('longtail');
  });
  it('by pnpm in the root of a clone, else by the path of its file', async () => {
    const root = join(import.meta.dirname, '../../..');
    expect(await hint({}, root)).toBe('npx -y pnpm@12 longtail');
    expect(await hint({}, dirname(CLI))).toBe('node cli.ts');
  });
  it('once, where two parts of the command write it', async () => {
    const at = { env: { LONGTAIL_CACHE: folder }, cwd: join(import.meta.dirname, '../../..') };
    const { stdout } = await longtail(['engine', 'status'], at);
    expect(stdout).toContain(' not installed: npx -y pnpm@12 longtail engine install torch --gpu\n');
  });
  it('whichever command it is of', () => {
    const names = commandLine({ signal: new AbortController().signal }).commands.map((one) => one.name());
    expect(names).toContain('new-recipe');
    expect(names.filter((name) => asTyped(`longtail ${name} x`).startsWith('longtail'))).toEqual([]);
  });
  it('in errors, too, and nowhere else', () => {
    expect(asTyped('run "longtail engine install"; see longtail, my-longtail run')).toMatch(
      /^run "(node|npx) \S.* engine install"; see longtail, my-longtail run$/,
    );
  });
});

it('--version says which package, and which commit of a clone', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  const { code, stdout } = await longtail(['--version'], { cwd: folder });
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^longtail \S+(, commit [0-9a-f]{12}(-dirty)?)?\n$/),
  ]);
  expect(stdout).toContain(version);
});
