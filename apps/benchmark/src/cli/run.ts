/** `longtail run RECIPE`, which is train, extract, classify, evaluate, report; and `longtail train RECIPE`. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { Command } from 'commander';
import { DEFAULT_LOSS, withSettings } from '../recipe.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import { beginRun, type RunSettings, stageFile } from '../run-directory.ts';
import { findSampler, samplerNames } from '../samplers.ts';
import type { EngineFlags } from './context.ts';
import { carryOutLazily, evaluateIn, type GroupFlags, groupsOption, reportIn, withEngine } from './stages.ts';

interface RunFlags extends EngineFlags {
  readonly data?: string;
  readonly out?: string;
  readonly seed: string;
  readonly set: string[];
  readonly fresh?: boolean;
}

/** Checks everything that was asked for, then begins or goes on with the run. */
async function begin(name: string, flags: RunFlags): Promise<{ folder: string; samplers: string[] }> {
  const recipe = await findRecipe(name);
  const { findLoss, lossKey } = await import('../losses.ts'); // with tfjs, which --help can do without
  const { loss = DEFAULT_LOSS, ...others } = withSettings(recipe, flags.set);
  await findLoss(loss);
  const options = { ...others, loss: lossKey(loss) };
  const samplers = samplerNames(options.samplers);
  await Promise.all(samplers.map(findSampler));
  const seed = Number(flags.seed);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed takes an integer, but got "${flags.seed}".`);
  if (flags.device === 'gpu' || flags.autocast) {
    const { expectOptions } = await import('@longtail/engine');
    await expectOptions(flags); // before --fresh removes anything
  }
  const folder = resolve(flags.out ?? join('runs', `${recipe.name}-seed-${seed}`));
  const settings: RunSettings = {
    recipe: recipeNames.includes(name) ? name : resolve(name),
    seed,
    options: { ...options, samplers: samplers.join(',') },
    data: flags.data ? resolve(flags.data) : '',
    command: `longtail ${process.argv.slice(2).join(' ')}`,
  };
  await beginRun(folder, settings, { needsData: recipe.needsData, fresh: flags.fresh ?? false });
  return { folder, samplers };
}

const PROFILED_STEPS = 20;

const isOver = (folder: string, samplers: readonly string[]): boolean =>
  samplers.every((sampler) => existsSync(stageFile(folder, sampler, 'predictions')));

async function run(
  name: string,
  flags: RunFlags & GroupFlags & { json?: boolean },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { folder, samplers } = await begin(name, flags);
  if (isOver(folder, samplers))
    process.stderr.write(`${folder} holds this run, finished; to compute it again: --fresh.\n`);
  else await carryOutLazily(folder, ['train', 'extract', 'classify'], { engine: flags, signal });
  await evaluateIn(folder, flags, { quiet: true });
  await reportIn(folder, flags);
}

function withRunFlags(command: Command): Command {
  return withEngine(command)
    .argument('<recipe>', `${recipeNames.join(', ')}, or the path of a module`)
    .option('--data <folder>', 'where the pictures are')
    .option('--out <folder>', 'where the results go (default: runs/RECIPE-seed-N)')
    .option('--seed <integer>', 'of every random number', '0')
    .option('--set <key=value...>', 'options of the recipe', [])
    .option('--fresh', 'start over if the folder holds a run already');
}

export function runCommands(context: { signal: AbortSignal }): Command[] {
  const whole = withRunFlags(new Command('run'))
    .description(
      'train representations and classifiers, score them, and report; goes on where it was stopped',
    )
    .addOption(groupsOption())
    .option('--json', 'the results as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail run demo\n  longtail run cifar-10-lt --data DIR --device gpu\n  longtail run cifar-10-lt --data DIR --set epochs=20 samplers=instance-balanced\n  longtail run demo --set loss=balanced-softmax',
    )
    .action((name, flags) => {
      steadyMalloc();
      return run(name, flags, context);
    });
  const training = withRunFlags(new Command('train'))
    .description('stage 1 alone: a representation a sampler')
    .option('--profile', 'print on stderr what each kernel takes of twenty steps, after the first')
    .addHelpText('after', '\nExample:\n  longtail train demo --out runs/mine\n  longtail extract runs/mine')
    .action(async (name: string, flags: RunFlags & { profile?: boolean }) => {
      steadyMalloc();
      const { folder } = await begin(name, flags);
      const profile = flags.profile ? PROFILED_STEPS : 0;
      await carryOutLazily(folder, ['train'], { engine: flags, profile, ...context });
      process.stdout.write(`trained; next: longtail extract ${folder}\n`);
    });
  return [whole, training];
}
