import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '@longtail/test-support/browser';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { evaluateRun } from '../src/evaluate-run.ts';
import { type LogEntry, logFile, runLog } from '../src/run-log.ts';
import { followLog } from '../src/serve/follow-log.ts';
import type { RunState } from '../src/serve/runs.ts';
import { serveRuns } from '../src/serve/server.ts';
import { writeJson } from '../src/stored-json.ts';
import { CLI, longtail } from './longtail.ts';
import { carriedOut } from './tiny-run.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'longtail-serve-')));
const root = join(base, 'runs');
const SECRET = 'nobody may see this';
const progress = {
  place: 1,
  places: 1,
  sampler: 'instance-balanced',
  stage: 'train',
  unit: 'img',
  note: '',
  total: 100,
} as const;
const entry = (done: number, more: Partial<LogEntry> = {}): string =>
  `${JSON.stringify({ ...progress, time: new Date(1e12 + 1000 * done).toISOString(), pid: 7, done, loss: 1 / done, accuracy: 0.5, ...more })}\n`;

beforeAll(async () => {
  mkdirSync(join(root, 'grid'), { recursive: true });
  writeFileSync(join(base, 'secret.txt'), SECRET);
  await carriedOut(join(root, 'grid/done'));
  await writeJson(join(root, 'grid/done/results.json'), await evaluateRun(join(root, 'grid/done')));
  await carriedOut(join(root, 'half <b>'), { stages: ['train'] });
  writeFileSync(logFile(join(root, 'half <b>')), entry(10) + entry(20) + entry(30).slice(0, 20));
  symlinkSync(join(base, 'secret.txt'), join(root, 'half <b>/report.html'));
  mkdirSync(join(root, 'broken'));
  writeFileSync(join(root, 'broken/run.json'), '{');
  symlinkSync(base, join(root, 'way-out'));
}, 60_000);
afterAll(() => rmSync(base, { recursive: true }));

/** A server of its own, and what asks it: paths go out as they are. */
async function serving(token?: string) {
  const server = serveRuns(root, { token });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const ask = (
    path: string,
    { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
  ) =>
    new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((answered, failed) => {
      request({ port, path, method, headers, host: '127.0.0.1' }, (response) => {
        const parts: Buffer[] = [];
        response
          .on('data', (part) => parts.push(part))
          .on('end', () =>
            answered({
              status: response.statusCode!,
              headers: response.headers,
              text: Buffer.concat(parts).toString(),
            }),
          );
      })
        .on('error', failed)
        .end();
    });
  return {
    port,
    ask,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(closed);
      }),
  };
}

describe('the server', () => {
  it('lists the runs with what each is at, and sends their files', async () => {
    const { ask, close } = await serving();
    const runs = JSON.parse((await ask('/api/runs')).text) as RunState[];
    expect(runs.map(({ path, state }) => `${path}: ${state}`)).toEqual([
      'broken: damaged',
      'grid/done: finished',
      'half <b>: stopped',
    ]);
    const [broken, done, half] = runs;
    expect(broken!.problem).toMatch(/run\.json/);
    expect(done!.rows).toHaveLength(5);
    expect(half!.now).toMatchObject({ done: 20, total: 100, rate: 1, secondsLeft: 80 });
    expect(half!.curves[0]!.points).toEqual([
      [10, 0.1, 0.5],
      [20, 0.05, 0.5],
    ]);
    expect(half!.files).toEqual(['run.json', 'metrics.jsonl']);
    const file = await ask('/runs/grid/done/results.json');
    expect(JSON.parse(file.text).recipe).toBe('demo');
    expect((await ask('/runs/half%20%3Cb%3E/run.json')).status).toBe(200);
    await close();
  });

  it.each([
    '/runs/../../secret.txt',
    '/runs/grid/done/../../../secret.txt',
    '/runs/%2e%2e/%2e%2e/secret.txt',
    '/../secret.txt',
    '/runs/half%20%3Cb%3E/report.html',
    '/runs/way-out/secret.txt',
    '//secret.txt',
    '/runs/grid/done/run.lock',
    '/runs/grid/done/%00',
    '/runs/grid/done/instance-balanced/features.safetensors',
    '/%ff',
    '/runs',
  ])('sends nothing for %s', async (path) => {
    const { ask, close } = await serving();
    const { status, text } = await ask(path);
    expect([status, text]).toEqual([404, expect.not.stringContaining(SECRET)]);
    expect((await ask('/api/runs')).status).toBe(200);
    await close();
  });

  it('is only to be read, and only by its own name', async () => {
    const { ask, close } = await serving();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask('/', { method })).status).toBe(405);
    for (const host of ['elsewhere.example:80', '127.0.0.1.example:80', '127.example', 'localhost.example'])
      expect([host, (await ask('/api/runs', { headers: { host } })).status]).toEqual([host, 403]);
    for (const host of ['localhost:1', '127.0.0.1', '127.1.2.3:80', '[::1]:5'])
      expect((await ask('/', { headers: { host } })).status).toBe(200);
    const head = await ask('/', { method: 'HEAD' });
    expect([head.status, head.text, Number(head.headers['content-length']) > 1000]).toEqual([200, '', true]);
    await close();
  });

  it('asks for its token where it has one', async () => {
    const { ask, close } = await serving('open sesame');
    for (const path of ['/', '/api/runs', '/?token=open', '/runs/grid/done/run.json'])
      expect((await ask(path)).status).toBe(403);
    const page = await ask('/?token=open%20sesame');
    expect([page.status, page.headers['set-cookie']?.[0]]).toEqual([
      200,
      expect.stringContaining('HttpOnly'),
    ]);
    expect(
      (
        await ask('/api/runs', {
          headers: { authorization: 'Bearer open sesame', host: 'elsewhere.example' },
        })
      ).status,
    ).toBe(200);
    await close();
  });
});

it('a token of any signs comes back in the cookie', async () => {
  const token = 'ü; a=b&c+d%20';
  const { ask, close } = await serving(token);
  const page = await ask(`/?token=${encodeURIComponent(token)}`);
  const [cookie] = page.headers['set-cookie']![0]!.split('; ');
  expect((await ask('/api/runs', { headers: { cookie: cookie! } })).status).toBe(200);
  for (const wrong of ['longtail-token=%', 'longtail-token=', 'longtail-token=a'])
    expect((await ask('/api/runs', { headers: { cookie: wrong } })).status).toBe(403);
  expect((await ask('//?token=a')).status).toBe(403);
  await close();
});

it('many who look at once see what one sees, and a run that goes away is no failure', async () => {
  const folder = join(root, '100 % ü 🦊');
  await carriedOut(folder, { stages: ['train'] });
  const lines = Array.from({ length: 300 }, (_, i) => entry(i + 1));
  writeFileSync(logFile(folder), lines.join(''));
  const { ask, close } = await serving();
  const seen = await Promise.all(Array.from({ length: 20 }, () => ask('/api/runs')));
  const own = seen.map(({ text }) =>
    (JSON.parse(text) as RunState[]).find(({ path }) => path.startsWith('100')),
  );
  expect(own.map((run) => run!.curves[0]!.points.length)).toEqual(Array(20).fill(300));
  const log = await ask(`/runs/${encodeURIComponent('100 % ü 🦊')}/metrics.jsonl`);
  expect([log.status, log.text]).toEqual([200, lines.join('')]);
  const asked = Array.from({ length: 20 }, () => ask(`/runs/${encodeURIComponent('100 % ü 🦊')}/run.json`));
  rmSync(folder, { recursive: true });
  for (const { status, text } of await Promise.all(asked)) {
    expect([200, 404]).toContain(status);
    expect(text).not.toContain(base);
  }
  expect(JSON.parse((await ask('/api/runs')).text)).toHaveLength(3);
  await close();
});

it('a log is read on, a line once, and from the beginning where it is another', async () => {
  const folder = join(base, 'log');
  mkdirSync(folder);
  const follow = followLog(folder);
  expect((await follow()).last).toBeUndefined();
  const refusals: string[] = [];
  const log = runLog(folder, { onRefused: (why) => refusals.push(why) });
  for (let done = 1; done <= 50; done++) log({ ...progress, done, loss: 1 / done }); // the first, as all are of one second
  log({ ...progress, done: 100, loss: 0 });
  expect((await follow()).curves[0]!.points.map(([images]) => images)).toEqual([1, 100]);
  const many = Array.from({ length: 5000 }, (_, i) => entry(i + 1)).join('');
  appendFileSync(logFile(folder), many.slice(0, 1000));
  const part = await follow();
  appendFileSync(logFile(folder), many.slice(1000));
  const whole = await follow();
  expect(part.last!.done).toBeLessThan(10);
  expect((await Promise.all([follow(), follow(), follow()])).map(({ last }) => last!.done)).toEqual([
    5000, 5000, 5000,
  ]);
  expect([whole.last!.done, whole.rate]).toEqual([5000, 1]);
  expect(whole.curves[0]!.points.length).toBeLessThanOrEqual(401);
  writeFileSync(logFile(folder), entry(3));
  expect((await follow()).last).toBeUndefined();
  expect((await follow()).last!.done).toBe(3);
  rmSync(folder, { recursive: true });
  for (const done of [1, 100]) log({ ...progress, done });
  expect(refusals).toEqual([expect.stringMatching(/ENOENT.*goes on without its log/)]);
});

it('a log whose last line was cut short by a kill loses that line alone', async () => {
  const folder = join(base, 'cut');
  mkdirSync(folder);
  writeFileSync(logFile(folder), entry(1) + entry(2).slice(0, 20));
  const log = runLog(folder, { onRefused: (why) => expect.fail(why) });
  for (const done of [3, 100]) log({ ...progress, done, loss: 1 });
  expect((await followLog(folder)()).curves[0]!.points.map(([images]) => images)).toEqual([1, 3, 100]);
});

it('a log goes on where the clock of the wall is set back', async () => {
  const folder = join(base, 'clock');
  mkdirSync(folder);
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1e12 });
  try {
    const log = runLog(folder, { onRefused: (why) => expect.fail(why) });
    log({ ...progress, done: 1, loss: 1 });
    vi.setSystemTime(1e12 - 3600e3);
    vi.advanceTimersByTime(500);
    log({ ...progress, done: 2, loss: 1 });
    vi.advanceTimersByTime(600);
    log({ ...progress, done: 3, loss: 1 });
  } finally {
    vi.useRealTimers();
  }
  expect((await followLog(folder)()).curves[0]!.points.map(([images]) => images)).toEqual([1, 3]);
});

it.each([7, 8])('steps that process %i does again after a kill are seen once', async (pid) => {
  const folder = join(base, `twice-${pid}`);
  mkdirSync(folder);
  const again = (done: number, seconds: number) =>
    entry(done, { pid, loss: 9, time: new Date(1e12 + 1000 * seconds).toISOString() });
  writeFileSync(logFile(folder), [10, 20, 30].map((done) => entry(done)).join('') + again(20, 60));
  const follow = followLog(folder);
  await follow();
  appendFileSync(logFile(folder), again(40, 65));
  const { curves, rate } = await follow();
  expect(curves[0]!.points.map(([images, loss]) => [images, loss])).toEqual([
    [10, 0.1],
    [20, 9],
    [40, 9],
  ]);
  expect(rate).toBe(4);
});

it('the page shows runs and follows them', { timeout: 60_000 }, async (context) => {
  const browser = await launchBrowser();
  if (!browser) return context.skip('no browser');
  const { port, close } = await serving();
  try {
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByText('3 runs, 0 running').waitFor();
    const half = page.locator('section', { has: page.getByRole('heading', { name: 'half <b>' }) });
    expect(await half.locator('polyline').count()).toBe(2);
    appendFileSync(logFile(join(root, 'half <b>')), `\n${entry(90, { note: 'epoch 9/10' })}`);
    await half.getByText('epoch 9/10').waitFor();
    await page.getByText('accuracy, %').click();
    await page.getByRole('cell', { name: 'instance-balanced / crt' }).waitFor();
    await page.setViewportSize({ width: 375, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    expect(wrong).toEqual([]);
  } finally {
    await browser.close();
    await close();
  }
});

it('the command says where, and ends with Ctrl-C', { timeout: 30_000 }, async () => {
  const child = spawn(process.execPath, [CLI, 'serve', root, '--port', '0', '--host', '127.0.0.1']);
  const ended = new Promise<number | null>((exit) => child.on('exit', exit));
  const line = await new Promise<string>((said) => child.stdout.once('data', (data) => said(String(data))));
  const [address] = /http:\S+/.exec(line)!;
  expect((await (await fetch(`${address}api/runs`)).json()).length).toBe(3);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect((await longtail(['serve', join(base, 'nowhere')])).stderr).toMatch(
    /expected a folder with runs in .*nowhere/,
  );
  expect((await longtail(['serve', join(base, 'secret.txt')])).stderr).toMatch(
    /secret\.txt, but it is a file/,
  );
  expect((await longtail(['serve', root, '--port', 'x'])).code).toBe(2);
  expect((await longtail(['serve', root, '--token', ''])).stderr).toMatch(/--token takes a text/);
});
