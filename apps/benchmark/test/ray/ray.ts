/** A Ray of this machine alone, in a folder of its own: one group of processes, which ends with this process however that ends. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheFolder } from '@longtail/engine';

const run = promisify(execFile);
const RAY = 'ray[default]==2.60.0';
const { LONGTAIL_RAY, LONGTAIL_PYTHON = 'python3' } = process.env;

/** The program `ray`: LONGTAIL_RAY, or one in a venv of its own, which is made where it is not there. @throws why it cannot be */
export async function rayProgram(): Promise<string> {
  if (LONGTAIL_RAY) return LONGTAIL_RAY;
  const venv = join(cacheFolder(), 'test-ray');
  const program = join(venv, 'bin/ray');
  if (existsSync(program)) return program;
  await run(LONGTAIL_PYTHON, ['-m', 'venv', venv]);
  await run(join(venv, 'bin/pip'), ['install', '--quiet', RAY], { maxBuffer: 1 << 26 });
  return program;
}

export interface RayCluster {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

export async function startRay(
  folder: string,
  { program, cpus }: { program: string; cpus: number },
): Promise<RayCluster> {
  const port = await freePort();
  const flags = [
    ...['--head', '--block', '--disable-usage-stats', '--port=0', `--num-cpus=${cpus}`],
    ...[`--temp-dir=${folder}`, '--node-ip-address=127.0.0.1', '--object-store-memory=80000000'],
    ...['--dashboard-host=127.0.0.1', `--dashboard-port=${port}`],
  ];
  // The shell's input ends with this process; what it then kills is its own group.
  const script = '"$0" start "$@" >/dev/null 2>&1 & read line; kill -9 0';
  const group = spawn('sh', ['-c', script, program, ...flags], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    const gone = once(group, 'exit');
    group.stdin.end();
    await gone;
  };
  const address = `http://127.0.0.1:${port}`;
  while (!(await answers(`${address}/api/jobs/`))) {
    if (group.exitCode !== null) throw new Error('expected Ray to start, but it has ended');
    await setTimeout(300);
  }
  return { address, stop };
}

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
