/**
 * A Slurm cluster of this one machine, in a folder of its own: configuration, key, state, logs and sockets lie in it, the ports are
 * free ones, and nothing of the system is touched. Needs the programs of Debian's packages slurm-wlm and munge; no database, no
 * control groups, so that it works as root in a container.
 *
 *   node apps/benchmark/test/slurm/cluster.ts start FOLDER     prints what to export; then sbatch, squeue, longtail sweep, ...
 *   node apps/benchmark/test/slurm/cluster.ts stop FOLDER      jobs, too
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processesOf } from './processes.ts';
import { type ClusterOptions, configuration } from './slurm-conf.ts';

const run = promisify(execFile);

export interface Cluster {
  /** For sbatch, squeue and the like: the environment of this process, and where the cluster is. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends jobs and daemons; the folder stays. */
  readonly stop: () => Promise<void>;
}

/** Why there can be no cluster on this machine; undefined where there can. */
export function noSlurm(): string | undefined {
  const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch'];
  const missing = programs.filter((name) => !PATH.some((folder) => existsSync(join(folder, name))));
  if (missing.length === 0) return undefined;
  return `no ${missing.join(', ')} on this machine (Debian: apt-get install slurm-wlm munge)`;
}

const PATH = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin'];

const confOf = (folder: string): string => join(resolve(folder), 'slurm.conf');

const envOf = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: PATH.join(':'),
  SLURM_CONF: confOf(folder),
});

/** The cluster ends with this process, however this one ends: a process of its own waits for that. */
export async function startCluster(folder: string, options: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const watcher = spawn(process.execPath, [import.meta.filename, 'watch', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    const gone = once(watcher, 'exit');
    watcher.stdin.end();
    await gone;
  };
  try {
    return { env: await start(folder, options), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  folder: string,
  { cpus = availableParallelism(), maxArraySize = 1001 }: Partial<ClusterOptions> = {},
): Promise<NodeJS.ProcessEnv> {
  const at = (name: string): string => join(resolve(folder), name);
  for (const name of ['state', 'spool']) {
    rmSync(at(name), { recursive: true, force: true }); // jobs of before, which have been ended
    mkdirSync(at(name), { recursive: true, mode: 0o755 });
  }
  const ports = [await freePort(), await freePort()] as const;
  writeFileSync(confOf(folder), configuration(resolve(folder), { ports, cpus, maxArraySize }));
  writeFileSync(at('cgroup.conf'), 'CgroupAutomount=no\n');
  writeFileSync(at('plugstack.conf'), '');
  if (!existsSync(at('munge.key'))) writeFileSync(at('munge.key'), randomBytes(128), { mode: 0o600 });
  const env = envOf(folder);
  const daemon = (name: string, ...args: string[]): void => {
    execFileSync(name, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const munge = ['key-file', 'socket', 'pid-file', 'log-file', 'seed-file'];
  // --force: it asks for folders above its socket that only root can write, and /tmp is none.
  daemon(
    'munged',
    '--force',
    ...munge.map((name) => `--${name}=${at(`munge.${name.replace('-file', '')}`)}`),
  );
  daemon('slurmctld');
  daemon('slurmd', '-N', 'here');
  await isIdle(folder, env);
  return env;
}

const START_SECONDS = 60;

async function isIdle(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  let state = '';
  for (let tries = 0; tries < 10 * START_SECONDS; tries++) {
    state = await run('sinfo', ['-h', '-o', '%T'], { env }).then(
      ({ stdout }) => stdout.trim(),
      (error: Error) => error.message,
    );
    if (/^(idle\n?)+$/.test(state)) return;
    await setTimeout(100);
  }
  const log = (name: string): string =>
    readFileSync(join(folder, name), 'utf8').split('\n').slice(-6).join('\n');
  throw new Error(
    `expected an idle node after ${START_SECONDS} s, but found "${state}":\n${log('slurmctld.log')}${log('slurmd.log')}`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Ends whatever runs of the cluster in a folder: jobs, and daemons, which have some seconds to write their state. */
export async function stopCluster(folder: string): Promise<void> {
  const conf = confOf(folder);
  const send = (signal: NodeJS.Signals, pids: readonly number[]): void => {
    for (const pid of pids)
      try {
        process.kill(pid, signal);
      } catch {
        // gone since
      }
  };
  for (let tries = 0; ; tries++) {
    const { daemons, jobs } = processesOf(conf);
    if (daemons.length + jobs.length === 0) return;
    send('SIGKILL', jobs);
    if (tries === 0 || tries > 50) send(tries === 0 ? 'SIGTERM' : 'SIGKILL', daemons);
    await setTimeout(100);
  }
}

async function main([verb, folder]: readonly string[]): Promise<void> {
  if (!folder || !['start', 'stop', 'watch'].includes(verb ?? '')) {
    console.error('usage: node cluster.ts start|stop FOLDER');
    process.exitCode = 2;
    return;
  }
  if (verb === 'watch') {
    process.stdin.resume();
    await once(process.stdin, 'close');
  }
  if (verb !== 'start') return stopCluster(folder);
  const missing = noSlurm();
  if (missing) throw new Error(missing);
  await start(folder);
  console.log(`export SLURM_CONF=${confOf(folder)}`);
}
if (import.meta.main) await main(process.argv.slice(2));
