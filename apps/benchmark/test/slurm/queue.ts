/** What a test waits for. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Cluster } from './cluster.ts';

const run = promisify(execFile);

/** Until Slurm has no more jobs; those that it would start in two minutes only, at once. */
export async function queueOver({ env }: Cluster): Promise<void> {
  for (;;) {
    const { stdout } = await run('squeue', ['-h', '-r', '-o', '%i|%r'], { env });
    if (stdout.trim() === '') return;
    for (const [id, reason] of stdout
      .trim()
      .split('\n')
      .map((line) => line.split('|')))
      if (reason === 'BeginTime')
        await run('scontrol', ['update', `JobId=${id}`, 'StartTime=now'], { env }).catch(() => {}); // begun
    await setTimeout(500);
  }
}

/** Until a file is there and holds something that fits. */
export async function fileWith(path: string, pattern: RegExp = /./): Promise<void> {
  while (!existsSync(path) || !pattern.test(readFileSync(path, 'utf8'))) await setTimeout(200);
}
