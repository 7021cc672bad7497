/** `longtail run RECIPE`, which is train, extract, classify, evaluate, report; and `longtail train RECIPE`. */
import { existsSync } from 'node:fs';
import { join as joinPath, resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { Command, Option } from 'commander';
import type { Recipe } from '../recipe.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import { beginRun, foresee, type RunSettings } from '../run-directory.ts';
import { holdRun } from '../run-lock.ts';
import { chosenSaveEvery, type SaveEvery } from '../save-every.ts';
import { keptRates } from '../scaled-rate.ts';
import { withSettings } from '../settings.ts';
import type { EngineFlags } from './context.ts';
import { beginSteadily, join } from './join.ts';
import { reportIn } from './report.ts';
import { evaluateIn, type GroupFlags, groupsOption } from './stages.ts';
import { print, tell } from './terminal.ts';
import { carryOutLazily, syncBnOption, withEngine } from './with-engine.ts';

export interface RunFlags extends EngineFlags {
  readonly data?: string;
  readonly out?: string;
  readonly seed: string;
  readonly set: string[];
  readonly saveEvery?: string;
  readonly fresh?: boolean;
  readonly syncBn?: boolean;
  readonly dryRun?: boolean;
}

interface Asked {
  readonly recipe: Recipe;
  readonly folder: string;
  readonly settings: RunSettings;
  readonly saveEvery: SaveEvery;
  /** What may not be meant. */
  readonly warnings: readonly string[];
}

/** Checks everything that was asked for; nothing is written. */
export async function checked(name: string, flags: RunFlags): Promise<Asked> {
  const recipe = await findRecipe(name);
  const { resolvedOptions } = await import('../resolved-options.ts'); // with tfjs, which --help can do without
  const saveEvery = chosenSaveEvery(flags.saveEvery);
  // A plan without pictures goes by what the recipe states, and needs no weights either.
  const isPlan = flags.dryRun && !flags.data;
  const wanted = withSettings(recipe, flags.set);
  const options = await resolvedOptions(isPlan ? { ...recipe, needsPretrained: false } : recipe, wanted);
  const seed = Number(flags.seed);
  if (!/^-?\d+$/.test(flags.seed) || !Number.isSafeInteger(seed))
    throw new UsageError(`--seed takes an integer, but got "${flags.seed}".`);
  // Before --fresh removes anything:
  const { cacheFolder, expectOptions } = await import('@longtail/engine');
  cacheFolder();
  if (flags.device === 'gpu' || flags.autocast) await expectOptions(flags);
  if (flags.data && !existsSync(flags.data))
    throw new DataError(
      `expected the pictures in ${resolve(flags.data)}, but it is not there; name their folder with --data.`,
    );
  const folder = resolve(flags.out ?? joinPath('runs', `${recipe.name}-seed-${seed}`));
  const settings: RunSettings = {
    recipe: recipeNames.includes(name) ? name : resolve(name),
    seed,
    options,
    data: flags.data ? resolve(flags.data) : '',
    command: `longtail ${process.argv.slice(2).join(' ')}`,
  };
  const lacks = recipe.needsPretrained && options.pretrained === '';
  const warnings = [
    ...keptRates(recipe, options),
    ...(lacks ? [`${recipe.name} needs --set pretrained=FILE to run, which this plan goes without.`] : []),
  ];
  return { recipe, folder, settings, saveEvery, warnings };
}

/** Begins what was asked for, or goes on with the run that is there. */
async function begin(name: string, flags: RunFlags): Promise<Omit<Asked, 'recipe' | 'warnings'>> {
  const { recipe, folder, settings, saveEvery, warnings } = await checked(name, flags);
  for (const warning of warnings) tell(warning);
  await holdRun(folder);
  const how = { needsData: recipe.needsData, fresh: flags.fresh ?? false };
  return { folder, saveEvery, settings: await beginRun(folder, settings, how) };
}

async function tryOut(
  name: string,
  flags: RunFlags & { json?: boolean },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const ranks = await join(signal);
  await ranks.first(async (own) => {
    const { recipe, warnings, folder, settings: asked } = await checked(name, flags);
    for (const warning of warnings) tell(warning);
    const how = { needsData: recipe.needsData, fresh: flags.fresh ?? false };
    const { settings } = await foresee(folder, asked, how);
    const { dryRun } = await import('./dry-run.ts');
    await dryRun(recipe, { folder, settings }, { engine: flags, signal: own, json: flags.json ?? false });
  });
}

const PROFILED_STEPS = 20;

async function run(
  name: string,
  flags: RunFlags & GroupFlags & { json?: boolean },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const ranks = await join(signal);
  const { folder, ...how } = await ranks.first(() => begin(name, flags));
  const { groups, json = false } = flags;
  await toReport(folder, {
    ...how,
    engine: flags,
    ranks: { ...ranks, syncBn: flags.syncBn ?? false },
    groups,
    json,
  });
}

/** All stages of a run that is begun, from where they are. */
export async function toReport(
  folder: string,
  {
    groups,
    json = false,
    ...how
  }: Parameters<typeof carryOutLazily>[2] & GroupFlags & { readonly json?: boolean },
): Promise<void> {
  if (!(await carryOutLazily(folder, ['train', 'extract', 'classify'], how)))
    tell(`${folder} holds this run, finished; to compute it again: --fresh.`);
  await how.ranks.first(async () => {
    await evaluateIn(folder, { groups }, { quiet: true });
    await reportIn([folder], { json });
  });
}

export const saveEveryOption = (): Option =>
  new Option(
    '--save-every <amount>',
    'minutes or steps that may be lost where the process is killed, such as 10min or 200steps (default: LONGTAIL_SAVE_EVERY, else 10min)',
  );

function withRunFlags(command: Command): Command {
  return withEngine(command)
    .argument('<recipe>', 'a name (below), or the path of a module')
    .option('--data <folder>', 'where the pictures are')
    .option('--out <folder>', 'where the results go (default: runs/RECIPE-seed-N)')
    .option('--seed <integer>', 'of every random number', '0')
    .option('--set <key=value...>', 'options of the recipe', [])
    .addOption(saveEveryOption())
    .addOption(syncBnOption())
    .option('--fresh', 'start over if the folder holds a run already')
    .option('--dry-run', 'try every stage on a few pictures, estimate time, memory and disk, write nothing');
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
    .action(async (name, flags) => {
      await beginSteadily();
      return flags.dryRun ? tryOut(name, flags, context) : run(name, flags, context);
    });
  const training = withRunFlags(new Command('train'))
    .description('stage 1 alone: a representation a sampler')
    .option('--profile', 'print on stderr what each kernel takes of twenty steps, after the first')
    .addHelpText('after', '\nExample:\n  longtail train demo --out runs/mine\n  longtail extract runs/mine')
    .action(async (name: string, flags: RunFlags & { profile?: boolean }) => {
      await beginSteadily();
      if (flags.dryRun) return tryOut(name, flags, context);
      const ranks = await join(context.signal);
      const { folder, ...how } = await ranks.first(() => begin(name, flags));
      const profile = flags.profile ? PROFILED_STEPS : 0;
      await carryOutLazily(folder, ['train'], {
        engine: flags,
        profile,
        ranks: { ...ranks, syncBn: flags.syncBn ?? false },
        ...how,
      });
      print(`trained; next: longtail extract ${folder}`);
    });
  return [whole, training];
}
