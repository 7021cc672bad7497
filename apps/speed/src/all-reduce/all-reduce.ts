/** The sum of ResNet-50's gradients over processes of one machine, by MPI: what a step of data-parallel training adds to the others. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import type { Command } from 'commander';
import { comparison, wholeNumber } from '../comparison.ts';
import { rounds } from '../environment.ts';

const TURNS = 11;

async function run(processes: number, { mpirun }: { mpirun: string }): Promise<void> {
  const program = join(import.meta.dirname, 'own-all-reduce.ts');
  const args = ['-n', String(processes), process.execPath, program, String(rounds(TURNS))];
  const [code] = await once(spawn(mpirun, args, { stdio: 'inherit' }), 'exit');
  if (code !== 0)
    throw new EngineError(`expected ${mpirun} to end with 0, but it ended with ${code}; see above.`, {
      code,
    });
}

export const allReduce: Command = comparison('all-reduce', {
  what: "the mean of ResNet-50's gradients over processes",
  takes: '1 min',
  turns: TURNS,
})
  .argument('[processes]', 'how many', wholeNumber, 2)
  .option('--mpirun <program>', "MPI's launcher", 'mpirun')
  .action(run);
