/** What is loaded as libtorch: broken, old, or another one. In processes of their own: the loader may end them. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { library } from './both.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-loading-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

const [TORCH, C10] = ['libtorch_cpu.so', 'libc10.so'] as const;

/** A folder with the library's files but for those that are made otherwise. */
function folder(files: Record<string, (path: string) => void>): string {
  const path = join(root, String(made++));
  mkdirSync(path);
  for (const name of [TORCH, C10, 'libgomp.so.1'])
    (files[name] ?? ((to: string) => symlinkSync(join(library!, name), to)))(join(path, name));
  return path;
}

/** The first bytes of a real file; `size`: with a hole behind them, as an interrupted copy may leave it. */
const firstOf =
  (name: string, length: number, size = length) =>
  (path: string) => {
    const start = Buffer.alloc(length);
    readSync(openSync(join(library!, name), 'r'), start, 0, length, 0);
    writeFileSync(path, start);
    truncateSync(path, size);
  };

/** A real library that is not libtorch: it loads, and has none of its functions, as an old one lacks the newer of them. */
const another = (path: string) => copyFileSync(join(library!, 'libgomp.so.1'), path);

/** What is said of each folder, one after another in one process, which must end by itself. */
async function load(...folders: string[]): Promise<string[]> {
  const program = join(import.meta.dirname, 'load-program.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...folders]);
  return stdout.trim().split('\n');
}

describe.skipIf(!library || process.platform !== 'linux')('loading', () => {
  it.each<[string, string, (path: string) => void]>([
    ['the library, to a few bytes', TORCH, firstOf(TORCH, 20)],
    ['the library, in its headers', TORCH, firstOf(TORCH, 100)],
    ['the library, to a page', TORCH, firstOf(TORCH, 5000)],
    ['the library, far in, with a hole', TORCH, firstOf(TORCH, 1e6, 4.2e8)],
    [
      'the library, to its size but with a hole',
      TORCH,
      (path) => firstOf(TORCH, 1e6, statSync(join(library!, TORCH)).size)(path),
    ],
    ['a neighbour', C10, firstOf(C10, 400_000)],
  ])('refuses a file cut short: %s', async (_, name, cut) => {
    const broken = folder({ [name]: cut });
    const [said] = await load(broken);
    expect(said).toMatch(/^EngineError: libtorch in .* cannot be used: .*npx @longtail\/engine install/);
    expect(said).toContain(`${name} is cut short`);
  });

  it('refuses what is no library, with the loader’s reason', async () => {
    const [text] = await load(folder({ [TORCH]: (path) => writeFileSync(path, 'text '.repeat(100)) }));
    expect(text).toMatch(/^EngineError: libtorch in .* cannot be used: .*invalid ELF header/);
    const [directory] = await load(folder({ [TORCH]: (path) => mkdirSync(path) }));
    expect(directory).toMatch(/^EngineError: libtorch in .* cannot be used: /);
  });

  it('names the function that an older one lacks', async () => {
    const [said] = await load(folder({ [TORCH]: another }));
    expect(said).toMatch(/^EngineError: .* it lacks ".*torch_.*", so it is older than 2\.11; run "npx/);
  });

  it('takes one a process, whatever the thread, and goes on with it', async () => {
    const old = folder({ [TORCH]: another });
    const [first, second, threads, again, slash] = await load(
      library!,
      old,
      `thread:${old}`,
      library!,
      `${library}/`,
    );
    expect(first).toMatch(/^2\.\d+\.\d+$/);
    for (const said of [second, threads])
      expect(said).toMatch(/^EngineError: libtorch is loaded from .* already; start a new process/);
    expect([again, slash]).toEqual([first, first]);
    const [, after] = await load(old, library!);
    expect(after).toMatch(`EngineError: libtorch is loaded from ${old} already`);
  });
});
