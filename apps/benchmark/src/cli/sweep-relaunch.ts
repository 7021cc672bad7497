/** `longtail sweep relaunch SWEEP`: what the job of Slurm that waits for all others executes before it collects. */
import { resolve } from 'node:path';
import { counted } from '@longtail/report/results';
import { Command } from 'commander';
import { holdRun } from '../run-lock.ts';
import { Stopped } from '../stopped.ts';
import { tell } from './terminal.ts';

export const relaunchCommand = (): Command =>
  new Command('relaunch')
    .description(
      "in Slurm's last job: submit again what was killed; exits with 75 if there was any, which the table is to wait for",
    )
    .argument('<folder>', 'of the sweep')
    .addHelpText('after', '\nExample:\n  longtail sweep relaunch sweeps/rates')
    .action(async (folder: string) => {
      const { openSweep } = await import('../sweep/open-sweep.ts');
      const { cellStatuses } = await import('../sweep/cell-status.ts');
      const { relaunch } = await import('../sweep/slurm.ts');
      const sweep = await openSweep(resolve(folder));
      const release = await holdRun(sweep.folder);
      try {
        const count = await relaunch(sweep, await cellStatuses(sweep), { say: tell });
        if (count > 0)
          throw new Stopped(`the table of ${folder} waits for ${counted(count, 'cell', 'cells')}.`);
      } finally {
        release();
      }
    });
