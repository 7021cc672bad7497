/** The plan of `longtail reproduce`: the runs, each checked, and what there is of them; and what they take. */
import { join, resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { counted, duration, size } from '@longtail/report/results';
import type { Recipe } from '../recipe.ts';
import { optionsOf } from '../recipe-options.ts';
import { lenderOf, lendersOf } from '../reproduce/borrow.ts';
import { type Cost, costOf, measuredRate, type Rate, statedRate } from '../reproduce/cost.ts';
import type { Experiment } from '../reproduce/experiment.ts';
import { folderName, recipeLabel, wantedRuns } from '../reproduce/plan.ts';
import { titleOf } from '../reproduce/reproduction.ts';
import { type SurveyedRun, surveyed } from '../reproduce/survey.ts';
import { samplerLabel } from '../samplers.ts';
import type { SaveEvery } from '../save-every.ts';
import { check } from './check.ts';
import { engineOf, picturesOf } from './context.ts';
import type { ReproduceFlags } from './reproduce.ts';
import { checked } from './run.ts';
import { print, printJson, tell } from './terminal.ts';

export interface PlannedFolder extends SurveyedRun {
  /** The beginning of the names of all folders of its recipe and seed. */
  readonly base: string;
}

export interface Plan {
  readonly experiment: Experiment;
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly runs: readonly PlannedFolder[];
  readonly saveEvery: SaveEvery;
}

/** Nothing is written. @throws UsageError, DataError as `longtail run`, and where a folder holds another run */
export async function planOf(experiment: Experiment, flags: ReproduceFlags): Promise<Plan> {
  const { seeds, set, recipe: named, runs: where } = flags;
  const recipes = new Map<string, Recipe>();
  const warnings = new Set<string>();
  const runs: PlannedFolder[] = [];
  let saveEvery: SaveEvery | undefined;
  for (const wanted of wantedRuns(experiment, { recipes: named, seeds, set })) {
    const asked = { ...flags, set: [...wanted.set], seed: String(wanted.seed) };
    const { recipe, settings, ...found } = await checked(wanted.recipe, asked);
    saveEvery = found.saveEvery;
    for (const warning of found.warnings) warnings.add(warning);
    recipes.set(settings.recipe, recipe);
    const folder = join(resolve(where), folderName(recipe.name, wanted));
    const other = runs.find((one) => one.folder === folder);
    if (other)
      throw new UsageError(
        `${other.recipe} and ${settings.recipe} both have ${folder} for their run, since both are named ${recipe.name}; give one another name, or a --runs of its own.`,
      );
    const run = await surveyed({ ...wanted, recipe: settings.recipe, folder, settings });
    const base = folderName(recipe.name, { ...wanted, variant: { ...wanted.variant, name: '' } });
    runs.push({ ...run, base });
  }
  for (const warning of warnings) tell(warning);
  return { experiment, recipes, runs, saveEvery: saveEvery! };
}

interface PlannedCost extends Cost {
  readonly run: SurveyedRun;
  /** By sampler: whose stage 1 it takes. */
  readonly borrowed: ReadonlyMap<string, string>;
  readonly rate?: Rate;
}

/** Stage 1 that is there, or will be when the run's turn comes. */
async function borrowedBy(run: PlannedFolder, { runs }: Plan): Promise<Map<string, string>> {
  const borrowed = new Map<string, string>();
  const trainingOf = ({ recipe, seed, settings }: SurveyedRun): string =>
    JSON.stringify([recipe, seed, optionsOf('train', settings.options)]);
  const earlier = runs.slice(0, runs.indexOf(run)).filter((one) => trainingOf(one) === trainingOf(run));
  const lenders = await lendersOf(run.folder, run.base);
  for (const name of run.settings.options.samplers.split(',')) {
    const there = await lenderOf(run, name, lenders);
    const lender = there ?? earlier.find(({ samplers }) => samplers.includes(name))?.folder;
    if (lender !== undefined) borrowed.set(samplerLabel(name), lender);
  }
  return borrowed;
}

/** By real steps where there are pictures; else what the recipe states. */
async function rateOf(
  run: SurveyedRun,
  { recipe, flags, signal }: { recipe: Recipe; flags: ReproduceFlags; signal: AbortSignal },
): Promise<Rate | undefined> {
  const { settings, folder } = run;
  if (recipe.needsData && !settings.data) return statedRate(recipe, settings.options);
  const { estimate } = await import('../estimate.ts');
  const engine = await engineOf(flags, { signal });
  const reading = picturesOf(recipe, settings);
  const context = { folder, settings, recipe, engine, signal, data: () => reading, onProgress: () => {} };
  const found = await estimate(context, await check(context));
  return measuredRate(found, settings.options.samplers, `${engine.backend} on ${engine.device}`);
}

function stateText({ run, borrowed }: PlannedCost): string {
  if (run.state === 'done') return 'there, whole: taken as it is';
  const parts = run.there.map(({ sampler, train, epoch, isDone }) => {
    if (isDone) return `${sampler} there`;
    if (train === 'begun') return `${sampler} from epoch ${epoch} of ${run.settings.options.epochs} on`;
    if (train === 'done') return `${sampler} trained, stage 2 to be done`;
    const lender = borrowed.get(sampler);
    return lender === undefined ? `${sampler} to be trained` : `${sampler} with stage 1 of ${lender}`;
  });
  return parts.join(', ');
}

function totalText(costs: readonly PlannedCost[]): string {
  const left = costs.filter(({ run }) => run.state !== 'done');
  if (left.length === 0) return 'nothing is to be trained: the figure or table is made of what is there';
  const seconds = left.reduce((sum, cost) => sum + cost.seconds, 0);
  const disk = left.reduce((sum, cost) => sum + (cost.disk ?? 0), 0);
  const runs = `${counted(left.length, 'run', 'runs')} to be done`;
  const unknown = left.filter(({ rate }) => !rate).length;
  if (unknown === left.length)
    return `${runs}; the recipe does not state what they take, which --data with --dry-run measures here`;
  const rates = [...new Set(left.flatMap(({ rate }) => rate?.of ?? []))];
  const rest = unknown > 0 ? `, without ${unknown} of which nothing is stated` : '';
  const room = disk > 0 ? `; ${size(disk)} of disk` : '';
  return `${runs}: about ${duration(seconds)} (${rates.join('; ')})${rest}${room}`;
}

/** `--dry-run`: prints the plan and its cost. */
export async function showPlan(
  plan: Plan,
  { flags, signal }: { flags: ReproduceFlags; signal: AbortSignal },
): Promise<void> {
  const rates = new Map<string, Rate | undefined>();
  const costs: PlannedCost[] = [];
  for (const run of plan.runs) {
    const key = `${run.recipe} ${run.variant.name}`;
    const recipe = plan.recipes.get(run.recipe)!;
    if (run.state !== 'done' && !rates.has(key)) rates.set(key, await rateOf(run, { recipe, flags, signal }));
    const rate = rates.get(key);
    const borrowed = await borrowedBy(run, plan);
    const cost = rate ? costOf(run, rate, { borrowed: new Set(borrowed.keys()) }) : { seconds: 0 };
    costs.push({ run, borrowed, ...(rate && { rate }), ...cost });
  }
  if (flags.json) return printJson(planJson(plan, costs));
  const lines = costs.map((cost) => {
    const { folder, recipe, seed, variant } = cost.run;
    const time = cost.rate && cost.run.state !== 'done' ? `; about ${duration(cost.seconds)}` : '';
    return `${folder}\n  ${recipeLabel(recipe)}, seed ${seed}, for ${variant.purpose}\n  ${stateText(cost)}${time}`;
  });
  const { experiment } = plan;
  const title = titleOf(experiment, [...plan.recipes.keys()]);
  print([`${title}\n${experiment.question}`, ...lines, totalText(costs)].join('\n\n'));
}

const planJson = ({ experiment }: Plan, costs: readonly PlannedCost[]): object => ({
  experiment: experiment.name,
  runs: costs.map(({ run, borrowed, rate, seconds, disk }) => ({
    folder: run.folder,
    recipe: run.recipe,
    seed: run.seed,
    for: run.variant.purpose,
    state: run.state,
    samplers: run.there,
    borrowed: Object.fromEntries(borrowed),
    ...(rate && { seconds, rate: rate.of }),
    ...(disk !== undefined && { disk }),
  })),
});
