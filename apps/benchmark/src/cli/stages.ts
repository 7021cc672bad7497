/**
 * The later stages, each as a command on the folder of a run: extract, classify, evaluate, report.
 * What they work with is imported when they do: tfjs and the charts take a second to load, --help should not.
 */
import { join, resolve } from 'node:path';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { writeWhole } from '@longtail/formats/whole-file';
import type { GroupRule } from '@longtail/metrics';
import { Command, Option } from 'commander';
import type { Results } from '../results.ts';
import { readJson, writeJson } from '../run-directory.ts';
import {
  type EvaluateFlags,
  type ExtractFlags,
  evaluateCheckpointOf,
  evaluateOptions,
  extractCheckpointOf,
  isOfCheckpoint,
  withCheckpoint,
} from './checkpoint.ts';
import type { carryOutIn, EngineFlags } from './context.ts';

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

const engineOptions = (): Option[] => [
  new Option('--backend <name>', 'what computes; auto: torch, or wasm where torch cannot be had')
    .choices(['auto', 'torch', 'tensorflow', 'wasm'])
    .default('auto'),
  new Option('--device <name>', 'where; auto: a CUDA GPU that answers, if a library for it is installed')
    .choices(['auto', 'cpu', 'gpu'])
    .default('auto'),
  new Option('--autocast <type>', 'convolutions and matrix products in this type (torch)').choices([
    'bfloat16',
  ]),
];

/** With `--backend`, `--device` and `--autocast`. */
export const withEngine = (command: Command): Command =>
  engineOptions().reduce((so, option) => so.addOption(option), command);

export const carryOutLazily: typeof carryOutIn = async (...args) =>
  (await import('./context.ts')).carryOutIn(...args);

export async function evaluateIn(
  folder: string,
  { groups, json = false }: GroupFlags & { json?: boolean },
  { quiet = false }: { quiet?: boolean } = {},
): Promise<void> {
  const { evaluateRun } = await import('../evaluate-run.ts');
  const results = await evaluateRun(folder, { groupRule: groups });
  await writeJson(join(folder, 'results.json'), results);
  if (quiet) return;
  const { scoreTable } = await import('../report/score-table.ts');
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${scoreTable(results)}\n`);
}

export async function reportIn(folder: string, { json = false }: { json?: boolean }): Promise<void> {
  const results = await readJson<Results>(join(folder, 'results.json'), {
    after: `longtail evaluate ${folder}`,
  });
  const { reportHtml } = await import('../report/page.ts');
  const report = join(folder, 'report.html');
  await writeWhole(report, await reportHtml(results));
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${await closing(results, report)}\n`);
}

async function closing(results: Results, report: string): Promise<string> {
  const { findings } = await import('../report/findings.ts');
  const { scoreTable } = await import('../report/score-table.ts');
  const answers = findings(results).map(
    ({ claim, verdict, sentence }) => `${claim} ${verdict.toUpperCase()}\n  ${sentence}`,
  );
  return [scoreTable(results, { color: process.stdout.isTTY }), ...answers, report].join('\n\n');
}

const onRun = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<run>', 'the folder of a run');

export function stageCommands({ signal }: { signal: AbortSignal }): Command[] {
  const native = async (stage: 'extract' | 'classify', run: string, engine: EngineFlags, next: string) => {
    steadyMalloc();
    await carryOutLazily(resolve(run), [stage], { engine, signal, again: true });
    process.stdout.write(`done; next: longtail ${next} ${run}\n`);
  };
  const onRunOrCheckpoint = (name: string, description: string): Command =>
    withEngine(withCheckpoint(new Command(name)))
      .description(description)
      .argument('[run]', 'the folder of a run');
  return [
    onRunOrCheckpoint(
      'extract',
      "features of all pictures: by a run's representations, or by somebody's checkpoint",
    )
      .option('--out <file>', "of the checkpoint's features, .safetensors")
      .addHelpText(
        'after',
        '\nExamples:\n  longtail extract runs/demo-seed-0\n  longtail extract --checkpoint resnet.pth --recipe cifar-10-lt --data DIR --out features.safetensors',
      )
      .action((run: string | undefined, flags: ExtractFlags) =>
        isOfCheckpoint(run, flags)
          ? extractCheckpointOf(flags, { signal })
          : native('extract', run!, flags, 'classify'),
      ),
    withEngine(onRun('classify', 'stage 2: the five classifiers on the features'))
      .addHelpText('after', '\nExample:\n  longtail classify runs/demo-seed-0')
      .action((run: string, flags: EngineFlags) => native('classify', run, flags, 'evaluate')),
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
    onRun('report', 'the table, the findings, and report.html')
      .option('--json', 'the results as one JSON document on stdout')
      .addHelpText('after', '\nExample:\n  longtail report runs/demo-seed-0')
      .action((run: string, flags) => reportIn(resolve(run), flags)),
  ];
}
