/** `longtail evaluate --checkpoint` and `longtail extract --checkpoint`: somebody's weights on a recipe's pictures. */
import { resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { type Command, Option } from 'commander';
import type { CheckpointOptions, CheckpointResults, Split } from '../evaluate-checkpoint.ts';
import type { Recipe, RecipeData } from '../recipe.ts';
import { findRecipe, recipeNames } from '../recipes.ts';
import type { EngineName } from '../results.ts';
import type { EngineFlags } from './context.ts';
import { bar } from './progress.ts';
import type { GroupFlags } from './stages.ts';

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

export interface ExtractFlags extends CheckpointFlags, EngineFlags {
  readonly out?: string;
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

const ALONE = [
  'recipe',
  'data',
  'seed',
  'architecture',
  'prefix',
  'skipBad',
  'head',
  'labelsMap',
  'split',
  'out',
];
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

interface Opened {
  readonly file: string;
  readonly data: () => Promise<RecipeData>;
  readonly engine: EngineName;
  readonly options: CheckpointOptions;
  readonly stop: () => void;
}

/** @throws UsageError without a recipe; DataError without the pictures that it needs */
async function knownRecipe({ recipe: name, data, seed = '0' }: CheckpointFlags): Promise<Recipe> {
  if (name === undefined)
    throw new UsageError(
      `--checkpoint needs --recipe, one of ${recipeNames.join(', ')} or the path of a module.`,
    );
  const recipe = await findRecipe(name);
  if (!Number.isSafeInteger(Number(seed)))
    throw new UsageError(`--seed takes an integer, but got "${seed}".`);
  if (recipe.needsData && data === undefined)
    throw new DataError(`the recipe ${name} needs real pictures: name their folder with --data.`);
  return recipe;
}

async function open(
  flags: CheckpointFlags & EngineFlags,
  title: string,
  signal: AbortSignal,
): Promise<Opened> {
  const recipe = await knownRecipe(flags);
  steadyMalloc();
  const { engineOf, picturesOf } = await import('./context.ts');
  const engine = await engineOf(flags, { signal });
  const { architecture, prefix, skipBad, data, seed = '0' } = flags;
  const progress = bar(
    `${title} {bar} {value}/{total} pictures  {rate} pictures/s  {note}  ETA {eta_formatted}`,
  );
  return {
    file: resolve(flags.checkpoint!),
    data: () => picturesOf(recipe, { data: data === undefined ? '' : resolve(data), seed: Number(seed) }),
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
  const { file, data, engine, options, stop } = await open(flags, 'evaluating', signal);
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
  const { checkpointText } = await import('../report/checkpoint-text.ts');
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${checkpointText(results)}\n`);
}

export async function extractCheckpointOf(
  flags: ExtractFlags,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { out } = flags;
  if (!out?.endsWith('.safetensors'))
    throw new UsageError(
      `extract --checkpoint needs --out FILE.safetensors, but got ${out === undefined ? 'none' : `"${out}"`}.`,
    );
  const { file, data, options, stop } = await open(flags, 'extracting', signal);
  const { extractCheckpoint } = await import('../extract-checkpoint.ts');
  const { features, evaluation } = await extractCheckpoint(file, data, {
    ...options,
    out: resolve(out),
  }).finally(stop);
  const sizes = Object.entries(features).map(
    ([split, { labels }]) => `${labels.length.toLocaleString('en')} ${split}`,
  );
  const skipped = Object.values(features).reduce((sum, set) => sum + set.skipped, 0);
  const leftOut = skipped > 0 ? `, ${skipped} left out` : '';
  process.stdout.write(
    `${sizes.join(', ')} pictures ${evaluation}${leftOut}: features of ${features.test.featureDim} numbers in ${out}\n`,
  );
}
