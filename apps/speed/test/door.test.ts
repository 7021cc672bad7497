import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMPARISONS, door } from '../src/door.ts';

const NAMES = ['step', 'networks', 'operations', 'losses', 'samplers', 'pipeline', 'heads', 'metrics'];
const ALL = [...NAMES, 'ranks', 'all-reduce', 'busy', 'rebalance-large'];
const src = join(import.meta.dirname, '../src');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `pnpm bench` in a process of its own. */
const bench = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const all = { env: { ...process.env, ...env } };
    execFile(process.execPath, [join(src, 'main.ts'), ...args], all, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe('pnpm bench', () => {
  it('lists every name on a line of its own, and loads no tfjs for it', async () => {
    const hook = `import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
    const [plain, asked] = [await bench([]), await bench(['--help'], { NODE_OPTIONS })];
    expect([plain.code, asked.code]).toEqual([0, 0]);
    expect(plain.stdout).toBe(asked.stdout);
    const listed = plain.stdout.split('Commands:\n')[1]!.split('\n\n')[0]!.split('\n');
    expect(listed.map((line) => line.match(/^ {2}(\S+) +.+ \(.+\)$/)?.[1])).toEqual(ALL);
    expect(plain.stdout).toMatch(
      /Examples:.+pnpm bench heads.+LONGTAIL_BENCH_PYTHON.+LONGTAIL_BENCH_ROUNDS/s,
    );
    expect(asked.stderr).toContain('/src/door.ts');
    expect(asked.stderr.split('\n').filter((url) => url.includes('tfjs-core'))).toEqual([]);
  });

  it('refuses an unknown name in one sentence, with the nearest', async () => {
    expect(await bench(['sampler'])).toEqual({
      code: 2,
      stdout: '',
      stderr: "unknown command 'sampler'; did you mean samplers?\n",
    });
    const { code, stderr } = await bench(['xyzzy']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^unknown command 'xyzzy'; "pnpm bench" lists the names .+\.\n$/);
  });

  it('refuses wrong turns and a part that no row has, before anything starts', async () => {
    const turns = await bench(['networks'], { LONGTAIL_BENCH_ROUNDS: '0', LONGTAIL_BENCH_PYTHON: 'none' });
    expect([turns.code, turns.stderr]).toEqual([
      2,
      'LONGTAIL_BENCH_ROUNDS must be a whole number of turns, 1 or more, but it is "0"; set one, or unset it for 5.\n',
    ]);
    const part = await bench(['losses', 'hinge']);
    expect([part.code, part.stderr]).toEqual([
      2,
      'expected part of a row\'s name, such as "cross-entropy, 128x100", but no row has "hinge"; leave it out to time all 30.\n',
    ]);
  });
});

describe.each(ALL)('%s', (name) => {
  it('has help of its own', async () => {
    const text: string[] = [];
    const program = door();
    const command = program.commands.find((one) => one.name() === name)!;
    command.configureOutput({ writeOut: (more) => void text.push(more) });
    const asked = program.parseAsync([name, '--help'], { from: 'user' });
    const { exitCode } = (await asked.catch((error) => error)) as CommanderError;
    expect(exitCode).toBe(0);
    expect(text.join('')).toMatch(
      new RegExp(`^Usage: pnpm bench ${name}\\b.+Times .+\\.\nRoughly, on 2 cores: .+\\.\n`, 's'),
    );
  });

  it('lies in the folder of its name', () => {
    expect(existsSync(join(src, name, `${name}.ts`))).toBe(true);
    expect(COMPARISONS.map((command) => command.name())).toContain(name);
  });
});

it('every program that is started by its path is there', () => {
  const started = globSync('*/*.ts', { cwd: src }).flatMap((file) => {
    const text = readFileSync(join(src, file), 'utf8');
    const paths = text.matchAll(/(?:here\(|import\.meta\.dirname, )'([^']+\.(?:ts|py))'/g);
    return [...paths].map(([, path]) => join(dirname(file), path!));
  });
  expect(started).toContain('heads/heads.py');
  expect(started).toContain('networks/own-network.ts');
  expect(started.filter((path) => !existsSync(join(src, path)))).toEqual([]);
});
