/** What is asked of a checkpoint, and `longtail evaluate --checkpoint`: somebody's weights on a recipe's pictures. */
import { resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { type Command, Option } from 'commander';
import type { CheckpointOptions, CheckpointResults, Split } from '../evaluate-checkpoint.ts';
import type { PictureSource, Recipe, RecipeData } from '../recipe.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import type { EngineName } from '../results.ts';
import type { EngineFlags } from './context.ts';
import { bar } from './progress.ts';
import type { GroupFlags } from './stages.ts';
import { columnsOf, print, printJson } from './terminal.ts';

export interface CheckpointFlags {
  readonly checkpoint?: string;
  readonly recipe?: string;
  readonly data?: string;
  readonly seed?: string;
  readonly architecture?: string;
  readonly prefix?: string;
  readonly skipBad?: boolean;
}

export interface EvaluateFlags extends CheckpointFlags, EngineFlags, GroupFlags {
  readonly head?: string;
  readonly labelsMap?: string;
  readonly split?: Split;
  readonly json?: boolean;
}

const checkpointOptions = (): Option[] => [
  new Option(
    '--checkpoint <file>',
    "somebody's weights instead of a run: .pth, .pth.tar, .th, .safetensors, .npz",
  ),
  new Option(
    '--recipe <name>',
    `gives pictures, statistics, transform and backbone: ${recipeNames.join(', ')}, or a module`,
  ),
  new Option('--data <folder>', 'where the pictures are'),
  new Option('--seed <integer>', 'of pictures that are drawn (default: 0)'),
  new Option('--architecture <name>', "of @longtail/backbones, instead of the recipe's backbone"),
  new Option(
    '--prefix <text>',
    "what stands before the backbone's names, where the file holds several copies",
  ),
  new Option('--skip-bad', 'leave out pictures that cannot be read'),
];

/** With what is asked of a checkpoint. */
export const withCheckpoint = (command: Command): Command =>
  checkpointOptions().reduce((so, option) => so.addOption(option), command);

export const evaluateOptions = (): Option[] => [
  new Option('--head <name>', 'of the classifier in the file, where several fit'),
  new Option(
    '--labels-map <file>',
    'lines of "checkpoint-class our-class", or JSON, where the classes are in another order',
  ),
  new Option('--split <name>', 'of the recipe (default: test)').choices(['test', 'validation']),
];

const ALONE = ['recipe', 'data', 'seed', 'architecture', 'prefix', 'skipBad', 'head', 'labelsMap', 'split'];
const written = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Whether a checkpoint is meant, or a run. @throws UsageError when both are, or neither, or a flag is of the other */
export function isOfCheckpoint(run: string | undefined, flags: CheckpointFlags): boolean {
  if ((run === undefined) === (flags.checkpoint === undefined))
    throw new UsageError(
      `expected the folder of a run or --checkpoint FILE, but got ${run === undefined ? 'neither' : 'both'}; name one.`,
    );
  const stray = ALONE.find((key) => Object.hasOwn(flags, key));
  if (run !== undefined && stray !== undefined)
    throw new UsageError(
      `${written(stray)} is for --checkpoint, but the run ${run} was named; leave it out.`,
    );
  return run === undefined;
}

export interface Opened {
  readonly file: string;
  readonly data: () => Promise<RecipeData>;
  readonly engine: EngineName;
  readonly options: CheckpointOptions;
  readonly stop: () => void;
}

/** @throws UsageError for what is no integer */
export function seedOf({ seed = '0' }: CheckpointFlags): number {
  if (Number.isSafeInteger(Number(seed))) return Number(seed);
  throw new UsageError(`--seed takes an integer, but got "${seed}".`);
}

/** @throws UsageError without a recipe; DataError without the pictures that it needs */
export async function knownRecipe(
  { recipe: name, data }: CheckpointFlags,
  flag = '--checkpoint',
): Promise<Recipe> {
  if (name === undefined)
    throw new UsageError(`${flag} needs --recipe, one of ${recipeNames.join(', ')} or the path of a module.`);
  const recipe = await findRecipe(name);
  if (recipe.needsData && data === undefined)
    throw new DataError(`the recipe ${name} needs real pictures: name their folder with --data.`);
  return recipe;
}

export async function openCheckpoint(
  flags: CheckpointFlags & EngineFlags,
  { title, recipe, signal }: { title: string; recipe: PictureSource; signal: AbortSignal },
): Promise<Opened> {
  steadyMalloc();
  const seed = seedOf(flags);
  const { engineOf, picturesOf } = await import('./context.ts');
  const engine = await engineOf(flags, { signal });
  const { architecture, prefix, skipBad, data } = flags;
  const progress = bar(title, { unit: 'pictures', counts: true });
  return {
    file: resolve(flags.checkpoint!),
    data: () => picturesOf(recipe, { data: data === undefined ? '' : resolve(data), seed }),
    engine,
    stop: progress.stop,
    options: {
      recipe,
      signal,
      onBadImage: skipBad ? 'skip' : 'fail',
      onProgress: (done, total, note) => progress.update(done, total, { note }),
      ...(architecture !== undefined && { architecture }),
      ...(prefix !== undefined && { prefix }),
    },
  };
}

export async function evaluateCheckpointOf(
  flags: EvaluateFlags,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const start = performance.now();
  const { file, data, engine, options, stop } = await openCheckpoint(flags, {
    title: 'evaluating',
    recipe: await knownRecipe(flags),
    signal,
  });
  const { head, labelsMap, split = 'test', groups, json } = flags;
  const { evaluateCheckpoint } = await import('../evaluate-checkpoint.ts');
  const found = await evaluateCheckpoint(file, data, {
    ...options,
    ...(head !== undefined && { head }),
    ...(labelsMap !== undefined && { labelsMap: resolve(labelsMap) }),
    split,
    groupRule: groups,
  }).finally(stop);
  const command = `longtail ${process.argv.slice(2).join(' ')}`;
  const results: CheckpointResults = {
    command,
    ...found,
    engine,
    seconds: (performance.now() - start) / 1000,
  };
  const { checkpointText } = await import('../text/checkpoint-text.ts');
  if (json) return printJson(results);
  print(checkpointText(results, { width: columnsOf(process.stdout) }));
}
