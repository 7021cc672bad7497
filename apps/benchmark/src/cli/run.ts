/** `longtail run RECIPE`. */
import { join, resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { Command } from 'commander';
import { type Recipe, withSettings } from '../recipe.ts';
import { findings } from '../report/findings.ts';
import { reportHtml } from '../report/page.ts';
import { scoreTable } from '../report/score-table.ts';
import type { Results } from '../results.ts';
import { run } from '../run.ts';
import { writeWhole } from '../run-directory.ts';
import { samplerNames } from '../samplers.ts';
import { installProgress } from './engine.ts';
import { bar } from './progress.ts';

/** The recipes by name; `import()` so that only the one that is run is loaded. */
const RECIPES: Readonly<Record<string, () => Promise<{ default: Recipe }>>> = {
  'cifar-10-lt': () => import('../../recipes/cifar-10-lt.ts'),
};

interface RunFlags {
  readonly data?: string;
  readonly out?: string;
  readonly seed: string;
  readonly set: string[];
  readonly backend: 'auto' | 'torch' | 'wasm';
  readonly json?: boolean;
}

async function findRecipe(name: string): Promise<Recipe> {
  const load = RECIPES[name];
  if (!load)
    throw new UsageError(`a recipe is one of ${Object.keys(RECIPES).join(', ')}, but got "${name}".`);
  return (await load()).default;
}

async function runRecipe(name: string, flags: RunFlags, { signal }: { signal: AbortSignal }): Promise<void> {
  const recipe = await findRecipe(name);
  const options = withSettings(recipe, flags.set);
  samplerNames(options.samplers);
  const seed = Number(flags.seed);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed takes an integer, but got "${flags.seed}".`);
  if (recipe.needsData && !flags.data)
    throw new DataError(`the recipe ${name} needs real pictures: name their folder with --data.`);
  const out = resolve(flags.out ?? join('runs', `${name}-seed-${seed}`));
  const install = installProgress();
  const engine = await loadEngine({
    backend: flags.backend,
    install: true,
    onProgress: install.show,
    signal,
  }).finally(install.stop);
  if (engine.note) process.stderr.write(`${engine.note}\n`);
  const progress = bar(
    '{sampler} {bar} epoch {epoch}/{epochs}  {rate} img/s  loss {loss}  ETA {eta_formatted}',
  );
  const results = await run(recipe, {
    options,
    seed,
    engine,
    signal,
    data: flags.data ?? '',
    cache: join(out, '..', '.cache'),
    command: `longtail run ${process.argv.slice(3).join(' ')}`,
    onStep: (sampler, { epoch, epochs, images, totalImages, loss }) =>
      progress.update(images, totalImages, { sampler, epoch, epochs, loss: loss.toFixed(3) }),
    onStage(sampler, stage) {
      progress.stop();
      process.stderr.write(`${sampler}: ${stage}\n`);
    },
  }).finally(progress.stop);
  await writeWhole(join(out, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  await writeWhole(join(out, 'report.html'), await reportHtml(results));
  process.stdout.write(
    flags.json ? `${JSON.stringify(results)}\n` : `${closing(results, join(out, 'report.html'))}\n`,
  );
}

function closing(results: Results, report: string): string {
  const answers = findings(results).map(
    ({ claim, verdict, sentence }) => `${claim} ${verdict.toUpperCase()}\n  ${sentence}`,
  );
  return [scoreTable(results, { color: process.stdout.isTTY }), ...answers, report].join('\n\n');
}

export function runCommand(context: { signal: AbortSignal }): Command {
  return new Command('run')
    .description('train representations and classifiers, and score them')
    .argument('<recipe>', Object.keys(RECIPES).join(', '))
    .option('--data <folder>', 'where the pictures are')
    .option('--out <folder>', 'where the results go (default: runs/RECIPE-seed-N)')
    .option('--seed <integer>', 'of every random number', '0')
    .option('--set <key=value...>', 'options of the recipe', [])
    .option('--backend <name>', 'auto, torch or wasm', 'auto')
    .option('--json', 'the results as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail run cifar-10-lt --data DIR\n  longtail run cifar-10-lt --data DIR --set epochs=20 samplers=instance-balanced',
    )
    .action((name: string, flags: RunFlags) => runRecipe(name, flags, context));
}
