/** The later stages, each as a command on the folder of a run: extract, classify, evaluate, report. */
import { join, resolve } from 'node:path';
import type { GroupRule } from '@longtail/metrics';
import { Command, Option } from 'commander';
import { evaluateRun } from '../evaluate-run.ts';
import { findings } from '../report/findings.ts';
import { reportHtml } from '../report/page.ts';
import { scoreTable } from '../report/score-table.ts';
import type { Results } from '../results.ts';
import { readJson, writeJson, writeWhole } from '../run-directory.ts';
import { carryOutIn, type EngineFlags } from './context.ts';

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
  const results = await evaluateRun(folder, { groupRule: groups });
  await writeJson(join(folder, 'results.json'), results);
  if (!quiet) process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${scoreTable(results)}\n`);
}

export async function reportIn(folder: string, { json = false }: { json?: boolean }): Promise<void> {
  const results = await readJson<Results>(join(folder, 'results.json'), {
    after: `longtail evaluate ${folder}`,
  });
  const report = join(folder, 'report.html');
  await writeWhole(report, await reportHtml(results));
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${closing(results, report)}\n`);
}

function closing(results: Results, report: string): string {
  const answers = findings(results).map(
    ({ claim, verdict, sentence }) => `${claim} ${verdict.toUpperCase()}\n  ${sentence}`,
  );
  return [scoreTable(results, { color: process.stdout.isTTY }), ...answers, report].join('\n\n');
}

const onRun = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<run>', 'the folder of a run');

export function stageCommands({ signal }: { signal: AbortSignal }): Command[] {
  const native = (stage: 'extract' | 'classify', description: string, next: string) =>
    onRun(stage, description)
      .option('--backend <name>', 'auto, torch or wasm', 'auto')
      .addHelpText('after', `\nExample:\n  longtail ${stage} runs/demo-seed-0`)
      .action(async (run: string, { backend }: EngineFlags) => {
        await carryOutIn(resolve(run), [stage], { backend, signal, again: true });
        process.stdout.write(`done; next: longtail ${next} ${run}\n`);
      });
  return [
    native('extract', 'features of all pictures, by the trained representations', 'classify'),
    native('classify', 'stage 2: the five classifiers on the features', 'evaluate'),
    onRun('evaluate', 'scores of the predictions; writes results.json')
      .addOption(groupsOption())
      .option('--json', 'the results as one JSON document on stdout')
      .addHelpText('after', '\nExample:\n  longtail evaluate runs/demo-seed-0 --groups oltr')
      .action((run: string, flags) => evaluateIn(resolve(run), flags)),
    onRun('report', 'the table, the findings, and report.html')
      .option('--json', 'the results as one JSON document on stdout')
      .addHelpText('after', '\nExample:\n  longtail report runs/demo-seed-0')
      .action((run: string, flags) => reportIn(resolve(run), flags)),
  ];
}
