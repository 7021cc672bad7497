/** The real command, as a user starts it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const CLI: string = join(import.meta.dirname, '../src/cli.ts');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param options.node another Node than the one that runs the tests */
export function longtail(
  args: readonly string[],
  { node = process.execPath }: { node?: string } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(node, [CLI, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
