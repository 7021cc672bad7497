/** Where nothing can be fetched, or kept: one sentence, soon. pip is the real one, and the disks are. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasPip } from './tiny-wheel.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-refused-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PROGRAM = `
import { installTorch } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
await installTorch({ host: { platform: 'linux-x64', glibc: '2.36', python: 'python3' } }).then(
  () => console.log('installed'),
  ({ name, message }) => console.log(name + ': ' + message),
);`;

/** What the installer says, in a process of its own: one that hangs is ended. */
function install(env: Record<string, string>): Promise<string> {
  const { LONGTAIL_CACHE: _, ...rest } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: { ...rest, LONGTAIL_TORCH: '', PIP_NO_INDEX: '', PIP_FIND_LINKS: '', ...env },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) =>
    child.on('close', (_, signal) => resolve(`${output.trim()}${signal ?? ''}`)),
  );
}

/** A disk of its own; skips where none can be mounted. */
function mounted(name: string, options: string, skip: (reason: string) => never): string {
  const disk = join(root, name);
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    skip(`no disk can be mounted here: ${error}`);
  }
  return disk;
}

const KEEP =
  /^EngineError: expected to keep libtorch in (.+), but (.+); .*set LONGTAIL_CACHE to a folder of yours .*LONGTAIL_TORCH/;

describe('a cache that cannot be', { timeout: 100_000 }, () => {
  it.runIf(process.platform === 'linux')('made: /proc, which used to hang', async () => {
    const [, folder, found] = KEEP.exec(await install({ XDG_CACHE_HOME: '/proc' })) ?? [];
    expect(folder).toMatch(/^\/proc\//);
    expect(found).toBe('the system makes no folders there (ENOENT)');
  });

  it('a folder: a file stands there', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    const said = KEEP.exec(await install({ LONGTAIL_CACHE: file }));
    expect(said?.slice(1)).toEqual([file, 'a file stands where a folder should (EEXIST)']);
  });

  it('written: a disk that is read-only', async (context) => {
    const disk = mounted('read-only', 'ro', (reason) => context.skip(reason));
    const said = KEEP.exec(await install({ LONGTAIL_CACHE: disk }));
    execFileSync('umount', [disk]);
    expect(said?.slice(1)).toEqual([disk, 'the disk is read-only (EROFS)']);
  });

  it.runIf(hasPip)('filled: a small disk', async (context) => {
    const disk = mounted('small', 'size=4k', (reason) => context.skip(reason));
    const said = KEEP.exec(await install({ LONGTAIL_CACHE: join(disk, 'cache') }));
    execFileSync('umount', [disk]);
    expect(said?.[2]).toMatch(/^the disk is full/);
  });
});

it.runIf(hasPip)(
  'without a network, says what else there is, and not what pip prints',
  { timeout: 100_000 },
  async () => {
    const closed = 'http://127.0.0.1:9'; // nobody listens there
    const said = await install({
      LONGTAIL_CACHE: join(root, 'cache'),
      PIP_INDEX_URL: closed,
      PIP_RETRIES: '0',
    });
    expect(said).toMatch(
      /^EngineError: expected to fetch libtorch \(554 MB\), but pip cannot get it from its index( \(.+\))?; check the network, .*PIP_INDEX_URL.*torch==.*PIP_FIND_LINKS.*LONGTAIL_TORCH to a torch of your own\.$/,
    );
    expect(said).not.toMatch(/ERROR|WARNING|\n/);
  },
);
