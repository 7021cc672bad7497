/** The real command, as a user starts it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const CLI: string = join(import.meta.dirname, '../src/cli.ts');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LongtailOptions {
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
  /** Beside the environment of the tests; undefined takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** The working folder. */
  readonly cwd?: string;
}

export function longtail(
  args: readonly string[],
  { node = process.execPath, env = {}, cwd = process.cwd() }: LongtailOptions = {},
): Promise<Ended> {
  const options = { maxBuffer: 1 << 26, env: { ...process.env, ...env }, cwd };
  return new Promise((resolve) => {
    execFile(node, [CLI, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
