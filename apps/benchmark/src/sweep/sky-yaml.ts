/**
 * A sweep as managed jobs of SkyPilot: one task, started once a cell. SkyPilot starts a job again where its machine was taken away, and
 * where it exits with 75.
 */
import { basename, join } from 'node:path';
import { UsageError } from '@longtail/core';
import { STOPPED } from '../stopped.ts';
import type { Cell, Sweep } from './cell.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { nameOf, shellWord, writeYaml } from './yaml-file.ts';

const MOUNTED = '/sweep';

/** The task of any cell, whose number is the variable CELL. */
export function taskOf(
  sweep: Sweep,
  { settings, saveEvery }: Pick<LaunchOptions, 'settings' | 'saveEvery'>,
): object {
  const { bucket, accelerators, infra, setup, name = basename(sweep.folder), spot = 'true' } = settings;
  const more = saveEvery === undefined ? '' : ` --save-every ${shellWord(saveEvery)}`;
  return {
    name: nameOf(name),
    resources: {
      ...(infra && { infra }),
      ...(accelerators && { accelerators }),
      use_spot: spot === 'true',
      job_recovery: { recover_on_exit_codes: [STOPPED] },
    },
    envs: { CELL: '0' },
    file_mounts: { [MOUNTED]: { source: bucket, mode: 'MOUNT' } },
    ...(setup && { setup }),
    run: `exec longtail sweep run-cell ${MOUNTED} $CELL --patient${more}\n`,
  };
}

async function launch(sweep: Sweep, cells: readonly Cell[], options: LaunchOptions): Promise<string> {
  if (!options.settings.bucket)
    throw new UsageError(
      'sky-yaml needs the bucket that holds the folder of the sweep: name it by --with bucket=s3://NAME.',
    );
  const { spot = 'true' } = options.settings;
  if (spot !== 'true' && spot !== 'false')
    throw new UsageError(`--with spot=true|false takes one of both, but got "${spot}".`);
  const numbers = cells.map(({ index }) => index).join(' ');
  const path = join(sweep.folder, 'sweep.sky.yaml');
  const command = `for cell in ${numbers}; do sky jobs launch --yes --detach-run --env CELL=$cell ${shellWord(path)}; done`;
  const head = [
    'A cell of a sweep as a managed job; of all:',
    `  ${command}`,
    `The bucket holds sweep.jsonl of ${sweep.folder}, and in the end its runs.`,
  ];
  await writeYaml(sweep, 'sweep.sky.yaml', { head, documents: [taskOf(sweep, options)] });
  return `${path} is written; next: copy sweep.jsonl into ${options.settings.bucket}, then\n${command}`;
}

export const skyYaml: Launcher = {
  settings: {
    bucket: 'where the folder of the sweep lies, such as s3://NAME',
    accelerators: 'such as A100:1',
    infra: 'such as aws/us-east-1; default: the cheapest',
    setup: 'a command that installs longtail',
    name: "of the jobs; default: the folder's",
    spot: 'true or false; default: true',
  },
  launch,
};
