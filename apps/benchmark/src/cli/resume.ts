/** `longtail resume RUN`: what run.json says, from where it is, to the report. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataError } from '@longtail/core';
import { Command } from 'commander';
import { remedies } from '../remedies.ts';
import { openRun, type RunSettings } from '../run-directory.ts';
import { holdRun } from '../run-lock.ts';
import { chosenSaveEvery, type SaveEvery } from '../save-every.ts';
import { stageFile } from '../stage-file.ts';
import type { EngineFlags } from './context.ts';
import { beginSteadily, join } from './join.ts';
import { saveEveryOption, toReport } from './run.ts';
import { type GroupFlags, groupsOption } from './stages.ts';
import { syncBnOption, withEngine } from './with-engine.ts';

interface ResumeFlags extends EngineFlags, GroupFlags {
  readonly data?: string;
  readonly saveEvery?: string;
  readonly json?: boolean;
  readonly syncBn?: boolean;
}

/** What a flag of the command that began the run was given; undefined where it was not. */
const said = (command: string, flag: string): string | undefined =>
  new RegExp(`--${flag}[ =](\\S+)`).exec(command)?.[1];

/** What the first training was begun with: another engine's numbers would not be the run's. */
async function engineThere(
  folder: string,
  { options, command }: RunSettings,
): Promise<Record<string, string | undefined>> {
  const paths = options.samplers.split(',').map((name) => stageFile(folder, name, 'representation'));
  const path = paths.find((one) => existsSync(one));
  const begun = { backend: said(command, 'backend'), device: said(command, 'device') };
  const asked = { ...begun, autocast: said(command, 'autocast') };
  if (path === undefined) return asked;
  const { trainingRecord } = await import('../training-state.ts');
  const record = await trainingRecord(path, remedies(folder).representation).catch((error) => {
    if (!(error instanceof DataError)) throw error; // damaged: the stage says so, or goes back to the one before
  });
  return record ? { ...record.engine } : asked;
}

interface Begun {
  readonly engine: EngineFlags;
  readonly settings: RunSettings;
  readonly saveEvery: SaveEvery;
  readonly groups: GroupFlags['groups'];
  readonly syncBn: boolean;
}

async function begun(folder: string, flags: ResumeFlags, command: Command): Promise<Begun> {
  const saveEvery = chosenSaveEvery(flags.saveEvery);
  await openRun(folder); // before anything is made there
  await holdRun(folder);
  const kept = await openRun(folder);
  if (flags.data && !existsSync(flags.data))
    throw new DataError(
      `expected the pictures in ${resolve(flags.data)}, but it is not there; name their folder with --data.`,
    );
  const settings = flags.data ? { ...kept, data: resolve(flags.data) } : kept;
  const there = await engineThere(folder, settings);
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) !== 'default';
  const engine = {
    backend: isGiven('backend') ? flags.backend : (there.backend ?? 'auto'),
    device: isGiven('device') ? flags.device : (there.device ?? 'auto'),
    ...(flags.autocast || there.autocast ? { autocast: flags.autocast ?? there.autocast } : {}),
  } as EngineFlags;
  const groups = isGiven('groups') ? flags.groups : (said(settings.command, 'groups') ?? flags.groups);
  const syncBn = flags.syncBn ?? / --sync-bn\b/.test(settings.command);
  return { engine, settings, saveEvery, groups: groups as GroupFlags['groups'], syncBn };
}

async function resume(run: string, flags: ResumeFlags, command: Command, signal: AbortSignal): Promise<void> {
  const folder = resolve(run);
  const ranks = await join(signal);
  const { syncBn, ...how } = await ranks.first(() => begun(folder, flags, command));
  await toReport(folder, { ...how, ranks: { ...ranks, syncBn }, json: flags.json ?? false });
}

export const resumeCommand = ({ signal }: { signal: AbortSignal }): Command =>
  withEngine(new Command('resume'))
    .description('goes on with what run.json says, by the engine that began it, to the report')
    .argument('<run>', 'the folder of a run')
    .option('--data <folder>', 'where the pictures are now')
    .addOption(saveEveryOption())
    .addOption(syncBnOption())
    .addOption(groupsOption())
    .option('--json', 'the results as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail resume runs/demo-seed-0\n  longtail resume runs/cifar --data /mnt/cifar --save-every 5min',
    )
    .action(async (run: string, flags: ResumeFlags, command: Command) => {
      await beginSteadily();
      return resume(run, flags, command, signal);
    });
