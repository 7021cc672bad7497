/** `longtail reproduce EXPERIMENT`: the paper's figures and tables, by the runs that they need. */
import { join, resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { Command, Option } from 'commander';
import { path } from './paths.ts';
import { type RunFlags, saveEveryOption } from './run.ts';
import { type GroupFlags, groupsOption } from './stages.ts';
import { withEngine } from './with-engine.ts';

export interface ReproduceFlags extends Omit<RunFlags, 'seed' | 'fresh'>, GroupFlags {
  readonly recipe?: readonly string[];
  readonly seeds: number;
  readonly runs: string;
  /** All of them where it is given without names. */
  readonly baselines?: true | readonly string[];
  readonly json?: boolean;
}

const NAMES: Readonly<Record<string, string>> = {
  'figure-1': 'four representations, each with five classifiers',
  'figure-2': "norms of the classifiers' weights from head to tail",
  'table-1': 'which part of the network stage 2 trains',
  'table-imagenet-lt': 'classifiers on ImageNet-LT, by network',
  'table-places-lt': 'classifiers on Places-LT',
  'table-inaturalist': 'classifiers on iNaturalist 2018, by network and epochs',
};

const MOST_SEEDS = 100;

function seeds(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST_SEEDS) return count;
  throw new UsageError(`--seeds takes an integer from 1 to ${MOST_SEEDS}, but got "${text}".`);
}

const EXAMPLES = [
  'longtail reproduce figure-1 --recipe demo --dry-run',
  'longtail reproduce figure-1 --recipe cifar-10-lt --data DIR --set epochs=20',
  'longtail reproduce figure-2 --recipe demo --seeds 1 --set epochs=2',
  'longtail reproduce table-1 --recipe cifar-10-lt --data DIR',
  'longtail reproduce table-imagenet-lt --data DIR --device gpu',
  'longtail reproduce table-imagenet-lt --recipe cifar-100-lt-if100 --data DIR --baselines ldam-drw balanced-softmax',
  'longtail reproduce table-imagenet-lt --recipe imagenet-lt-resnet-10 imagenet-lt-resnet-50 --data DIR',
];

async function act(name: string, flags: ReproduceFlags, signal: AbortSignal): Promise<void> {
  const { findExperiment } = await import('../reproduce/experiments.ts');
  const { withBaselines } = await import('../reproduce/baselines.ts');
  const found = findExperiment(name);
  const experiment = flags.baselines ? withBaselines(found, flags.baselines) : found;
  const { planOf, showPlan } = await import('./reproduce-plan.ts');
  const { expectRoom } = await import('../reproduce/write-files.ts');
  const out = resolve(flags.out ?? join('reproduced', experiment.name));
  await expectRoom(out, experiment);
  const plan = await planOf(experiment, flags);
  if (flags.dryRun) return showPlan(plan, { flags, signal });
  const { reproduce } = await import('./reproduce-runs.ts');
  await reproduce(plan, { out, flags, signal });
}

export const reproduceCommand = ({ signal }: { signal: AbortSignal }): Command =>
  withEngine(new Command('reproduce'))
    .description(
      'a figure or table of the paper beside the published one: does the runs that it needs, takes those that are there',
    )
    .argument('<experiment>', Object.keys(NAMES).join(', '))
    .option('--recipe <names...>', "recipes, or paths of modules (default: those of the paper's numbers)")
    .addOption(
      new Option('--seeds <count>', 'runs of each recipe, by the seeds from 0 on')
        .argParser(seeds)
        .default(3),
    )
    .option(
      '--baselines [names...]',
      'of a table: a run and a row for each of these, such as ldam-drw; without names all that --set baseline= takes',
    )
    .option('--data <folder>', 'where the pictures are')
    .addOption(
      new Option('--runs <folder>', 'where the runs lie, or will: RECIPE-seed-N')
        .argParser(path)
        .default('runs'),
    )
    .option('--out <folder>', 'where page, tables and figures go (default: reproduced/EXPERIMENT)')
    .option('--set <key=value...>', 'options of the recipe', [])
    .addOption(saveEveryOption())
    .addOption(groupsOption())
    .option('--dry-run', 'print the runs, what there is of them, what the others take; write nothing')
    .option('--json', 'the plan, or what was found, as one JSON document on stdout')
    .addHelpText('after', () => {
      const width = Object.keys(NAMES).reduce((most, { length }) => Math.max(most, length), 0);
      const items = Object.entries(NAMES).map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
      const examples = EXAMPLES.map((example) => `  ${example}`);
      return `\nExperiments:\n${items.join('\n')}\n\nExamples:\n${examples.join('\n')}`;
    })
    .action((name: string, flags: ReproduceFlags) => {
      steadyMalloc();
      return act(name, flags, signal);
    });
