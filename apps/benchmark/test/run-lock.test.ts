/** Two processes in one folder: the second is told who holds it, and nobody holds it after his death. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { holdRun } from '../src/run-lock.ts';
import { longtail } from './longtail.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const lockOf = (folder: string) => join(folder, 'run.lock');

/** Another process that holds the folder, until it is killed or its input ends. */
async function holding(folder: string) {
  const module = JSON.stringify(join(import.meta.dirname, '../src/run-lock.ts'));
  const program = `import { holdRun } from ${module};
    await holdRun(${JSON.stringify(folder)}).then(() => console.log('held'), ({ message }) => console.log(message));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

describe('the folder of a run', () => {
  it('is held by one process, and the second is told which', async () => {
    const folder = join(root, 'held');
    const { child, said } = await holding(folder);
    expect(said).toBe('held');
    await expect(holdRun(folder)).rejects.toThrow(
      new RegExp(`^${folder} is in use by process ${child.pid} on this machine since 20\\d\\d-.*Z; wait for`),
    );
    const { code, stderr } = await longtail(['run', 'demo', '--out', folder]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`in use by process ${child.pid} `)]);
    expect(existsSync(join(folder, 'run.json'))).toBe(false);
    const stage = await longtail(['extract', folder]);
    expect([stage.code, stage.stderr]).toEqual([1, expect.stringContaining(`by process ${child.pid} `)]);
    child.stdin.end();
    await once(child, 'exit');
    expect(existsSync(folder)).toBe(false);
  });

  it('is free after a kill -9', async () => {
    const folder = join(root, 'killed');
    const { child } = await holding(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(lockOf(folder))).toBe(true);
    const release = await holdRun(folder);
    expect(JSON.parse(readFileSync(lockOf(folder), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    expect(existsSync(lockOf(folder))).toBe(false);
  });

  it('goes to exactly one of several that find a dead lock', async () => {
    const folder = join(root, 'contested');
    const { child } = await holding(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const tries = await Promise.all(Array.from({ length: 4 }, () => holding(folder)));
    expect(tries.filter(({ said }) => said === 'held')).toHaveLength(1);
    for (const { child: one } of tries) one.kill('SIGKILL');
  });

  it('is free where the number of the process is now that of another', async (context) => {
    if (process.platform !== 'linux') context.skip('only Linux tells when a process began');
    const folder = join(root, 'number');
    mkdirSync(folder);
    const dead = { pid: process.pid, host: hostname(), since: '2020-01-01T00:00:00.000Z', birth: 'then 1' };
    writeFileSync(lockOf(folder), JSON.stringify(dead));
    (await holdRun(folder))();
  });

  it.each(['', '{"pid":', '[]', '{}'])('is free where the lock was cut short: %j', async (text) => {
    const folder = join(root, 'cut');
    mkdirSync(folder, { recursive: true });
    writeFileSync(lockOf(folder), text);
    (await holdRun(folder))();
    expect(existsSync(folder)).toBe(true);
  });

  it("stays another machine's, and says how to free it", async () => {
    const folder = join(root, 'elsewhere');
    mkdirSync(folder);
    const other = { pid: 1, host: 'elsewhere', since: '2020-01-01T00:00:00.000Z', birth: '' };
    writeFileSync(lockOf(folder), JSON.stringify(other));
    await expect(holdRun(folder)).rejects.toThrow(
      `in use by process 1 on elsewhere since 2020-01-01T00:00:00.000Z; wait for its end; if it runs no more, delete ${lockOf(folder)}, or name another folder with --out.`,
    );
  });

  it('can be let go and held again, and a lock of others is left alone', async () => {
    const folder = join(root, 'again');
    const first = await holdRun(folder);
    await expect(holdRun(folder)).rejects.toThrow(`by process ${process.pid} `);
    first();
    const second = await holdRun(folder);
    writeFileSync(lockOf(folder), 'of others');
    second();
    expect(readFileSync(lockOf(folder), 'utf8')).toBe('of others');
  });

  it('is refused with the reason where it cannot be', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(holdRun(join(root, 'file', 'run'))).rejects.toThrow(/expected to hold the run by .*ENOTDIR/);
    mkdirSync(join(root, 'odd', 'run.lock'), { recursive: true });
    await expect(holdRun(join(root, 'odd'))).rejects.toThrow(/expected to hold the run by .*EISDIR/);
  });
});

it.runIf(process.platform === 'linux')(
  'ends where the system makes no folders',
  async () => {
    const { code, stderr } = await longtail(['run', 'demo', '--out', '/proc/longtail/run']);
    expect([code, stderr]).toEqual([
      1,
      'expected to hold the run by /proc/longtail/run/run.lock, but the system makes no folders there (ENOENT at /proc/longtail); mend that, or name another folder with --out.\n',
    ]);
  },
  20_000,
);
