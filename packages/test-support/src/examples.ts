/** The programs that a README shows, run as a reader runs them: by node, in a process of their own. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';

const run = promisify(execFile);

/** What `console.log(...); // text` says that it prints. */
const promised = (source: string): string[] =>
  [...source.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text!);

/** What a program is started with, and what it then prints beside what its comments say, in their order. */
interface Given {
  readonly args: string[];
  readonly prints?: readonly string[];
}

/**
 * Runs every program of `examples/`, not of folders in it: it must end well, and print what its comments say, in their order.
 *
 * @param folder of the package
 * @param options.given by a program's name, for those that take arguments; it may skip the test where something is not at hand
 * @param options.suites names of those that are test files, which are imported into this one instead
 */
export function testExamples(
  folder: string,
  {
    given = {},
    suites = [],
  }: {
    given?: Readonly<Record<string, (context: TestContext) => Given>>;
    suites?: readonly string[];
  } = {},
): void {
  const names = readdirSync(join(folder, 'examples')).filter(
    (name) => name.endsWith('.ts') && !suites.includes(name),
  );
  describe('examples', () => {
    it.for(names)('%s', { timeout: 120_000 }, async (name, context) => {
      const path = join(folder, 'examples', name);
      const { args, prints = [] } = given[name]?.(context) ?? { args: [] };
      const { stdout } = await run(process.execPath, [path, ...args], { cwd: folder });
      const lines = stdout.split('\n');
      let from = 0;
      for (const text of [...prints, ...promised(readFileSync(path, 'utf8'))]) {
        const at = lines.indexOf(text, from);
        expect(at, `"${text}" among what it prints:\n${lines.slice(from).join('\n')}`).toBeGreaterThanOrEqual(
          from,
        );
        from = at + 1;
      }
    });
  });
}
