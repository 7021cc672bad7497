/**
 * The later stages, each as a command on the folder of a run: extract, classify, evaluate, report.
 * What they work with is imported when they do: tfjs and the charts take a second to load, --help should not.
 */
import { join, resolve } from 'node:path';
import type { GroupRule } from '@longtail/metrics';
import { Command, Option } from 'commander';
import { writeJson } from '../stored-json.ts';
import {
  type EvaluateFlags,
  evaluateCheckpointOf,
  evaluateOptions,
  isOfCheckpoint,
  withCheckpoint,
} from './checkpoint.ts';
import type { EngineFlags } from './context.ts';
import { extractCommand } from './extract.ts';
import { reportCommand } from './report.ts';
import { columnsOf, print, printJson } from './terminal.ts';
import { carryOutAgain, withEngine } from './with-engine.ts';

export interface GroupFlags {
  readonly groups: GroupRule;
}

export const groupsOption = (): Option =>
  new Option(
    '--groups <rule>',
    'what counts as many and few: official > 100, < 20; oltr >= 100, <= 20; mislas > 100, <= 20',
  )
    .choices(['official', 'oltr', 'mislas'])
    .default('official');

export async function evaluateIn(
  folder: string,
  { groups, json = false }: GroupFlags & { json?: boolean },
  { quiet = false }: { quiet?: boolean } = {},
): Promise<void> {
  const { evaluateRun } = await import('../evaluate-run.ts');
  const results = await evaluateRun(folder, { groupRule: groups });
  await writeJson(join(folder, 'results.json'), results);
  if (quiet) return;
  if (json) return printJson(results);
  const { scoreTable } = await import('../text/score-table.ts');
  print(scoreTable(results, { width: columnsOf(process.stdout) }));
}

const onRun = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<run>', 'the folder of a run');

export function stageCommands({ signal }: { signal: AbortSignal }): Command[] {
  const onRunOrCheckpoint = (name: string, description: string): Command =>
    withEngine(withCheckpoint(new Command(name)))
      .description(description)
      .argument('[run]', 'the folder of a run');
  return [
    extractCommand({ signal }),
    withEngine(onRun('classify', 'stage 2: the five classifiers on the features'))
      .addHelpText('after', '\nExample:\n  longtail classify runs/demo-seed-0')
      .action((run: string, flags: EngineFlags) =>
        carryOutAgain(run, 'classify', { engine: flags, signal, next: 'evaluate' }),
      ),
    evaluateOptions()
      .reduce(
        (so, option) => so.addOption(option),
        onRunOrCheckpoint(
          'evaluate',
          "scores: of a run's predictions, into results.json; or of somebody's checkpoint",
        ),
      )
      .addOption(groupsOption())
      .option('--json', 'the results as one JSON document on stdout')
      .addHelpText(
        'after',
        '\nExamples:\n  longtail evaluate runs/demo-seed-0 --groups oltr\n  longtail evaluate --checkpoint ckpt.best.pth.tar --recipe cifar-10-lt --data DIR\n  longtail evaluate --checkpoint resnext50.pth --recipe mine.ts --data DIR --architecture resnext-50 --labels-map theirs.txt --json',
      )
      .action((run: string | undefined, flags: EvaluateFlags) =>
        isOfCheckpoint(run, flags)
          ? evaluateCheckpointOf(flags, { signal })
          : evaluateIn(resolve(run!), flags),
      ),
    reportCommand(),
  ];
}
