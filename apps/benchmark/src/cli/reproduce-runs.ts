/** Carries out what a plan still needs, and makes the figure or table of all of it. */
import { join } from 'node:path';
import type { GroupRule } from '@longtail/metrics';
import { evaluateRun } from '../evaluate-run.ts';
import { alone } from '../ranks.ts';
import { USUAL_FORMATS, writeReport } from '../report-files.ts';
import { borrowStages, lendersOf } from '../reproduce/borrow.ts';
import { collected, hasRow, type SeedIntervals } from '../reproduce/collect.ts';
import { rowKey } from '../reproduce/experiment.ts';
import { type Reason, reasonsOf } from '../reproduce/reasons.ts';
import type { ReproducedRun, Reproduction } from '../reproduce/reproduction.ts';
import { seedIntervals } from '../reproduce/seed-intervals.ts';
import type { SurveyedRun } from '../reproduce/survey.ts';
import { writeReproduction } from '../reproduce/write-files.ts';
import type { Results } from '../results.ts';
import { beginRun } from '../run-directory.ts';
import { holdRun } from '../run-lock.ts';
import { writeJson } from '../stored-json.ts';
import { reproductionTable } from '../text/reproduction-table.ts';
import { carryOutIn } from './context.ts';
import type { ReproduceFlags } from './reproduce.ts';
import type { Plan, PlannedFolder } from './reproduce-plan.ts';
import { columnsOf, print, printJson, tell } from './terminal.ts';

interface How {
  readonly flags: ReproduceFlags;
  readonly signal: AbortSignal;
}

/** A run to its report, from where it is. */
async function finished(
  { folder, settings: asked, base }: PlannedFolder,
  { needsData, saveEvery, flags, signal }: How & Pick<Plan, 'saveEvery'> & { needsData: boolean },
): Promise<Results> {
  const release = await holdRun(folder);
  try {
    const settings = await beginRun(folder, asked, { needsData });
    for (const note of await borrowStages({ folder, settings }, await lendersOf(folder, base))) tell(note);
    await carryOutIn(folder, ['train', 'extract', 'classify'], {
      engine: flags,
      ranks: alone(signal),
      settings,
      saveEvery,
    });
    const results = await evaluateRun(folder, { groupRule: flags.groups });
    await writeJson(join(folder, 'results.json'), results);
    await writeReport(folder, results, USUAL_FORMATS);
    return results;
  } finally {
    release();
  }
}

const resultsOf = (run: SurveyedRun, groupRule: GroupRule): Promise<Results> =>
  evaluateRun(run.folder, { groupRule });

/** Of every recipe and variant, each once. */
function allReasons({ experiment, recipes }: Plan, runs: readonly ReproducedRun[]): Reason[] {
  const reasons = runs.flatMap(({ recipe, variant: name, results }) => {
    const variant = experiment.variants.find((one) => one.name === name)!;
    return reasonsOf(recipes.get(recipe)!, results, { published: experiment.published(recipe), variant });
  });
  return [...new Map(reasons.map((one) => [JSON.stringify(one), one])).values()];
}

/** Of every row of accuracies. */
async function overSeeds(
  { experiment }: Plan,
  runs: readonly ReproducedRun[],
  { groups: groupRule }: ReproduceFlags,
): Promise<SeedIntervals> {
  const found = new Map<string, Awaited<ReturnType<typeof seedIntervals>>>();
  const keyOf = (...[recipe, row]: Parameters<SeedIntervals>): string => `${recipe} ${rowKey(row)}`;
  const recipes = experiment.columns.some(({ isShare }) => isShare)
    ? Map.groupBy(runs, ({ recipe }) => recipe)
    : new Map<string, ReproducedRun[]>();
  for (const [recipe, all] of recipes)
    for (const row of experiment.rows) {
      const own = all.filter(({ variant, results }) => variant === row.variant && hasRow(results, row));
      if (own.length === 0) continue;
      found.set(keyOf(recipe, row), await seedIntervals(own, row, { groupRule }));
    }
  return (recipe, row) => found.get(keyOf(recipe, row));
}

/** @throws the signal's reason when it is aborted: the same command goes on */
export async function reproduce(plan: Plan, { out, flags, signal }: How & { out: string }): Promise<void> {
  const { experiment, recipes, saveEvery } = plan;
  const runs: ReproducedRun[] = [];
  for (const [i, run] of plan.runs.entries()) {
    signal.throwIfAborted();
    const wasThere = run.state === 'done';
    tell(
      `${i + 1}/${plan.runs.length} ${run.folder}: ${wasThere ? 'there, taken as it is' : run.variant.purpose}`,
    );
    const { needsData } = recipes.get(run.recipe)!;
    const results = wasThere
      ? await resultsOf(run, flags.groups)
      : await finished(run, { needsData, saveEvery, flags, signal });
    const { recipe, seed, variant, folder } = run;
    runs.push({ recipe, seed, variant: variant.name, folder, results, wasThere });
  }
  signal.throwIfAborted();
  const found: Reproduction = {
    experiment,
    command: `longtail ${process.argv.slice(2).join(' ')}`,
    seeds: Array.from({ length: flags.seeds }, (_, seed) => seed),
    lines: collected(experiment, runs, { overSeeds: await overSeeds(plan, runs, flags) }),
    beside: [...recipes.keys()].map((recipe) => {
      const { source, conditions } = experiment.published(recipe) ?? {};
      return { recipe, ...(source && { source }), ...(conditions && { conditions }) };
    }),
    reasons: allReasons(plan, runs),
    runs,
  };
  const written = await writeReproduction(out, found);
  if (flags.json) return printJson(asJson(found, written));
  print(`${reproductionTable(found, { width: columnsOf(process.stdout) })}\n\n${written.join('\n')}`);
}

const asJson = (
  { experiment, lines, seeds, beside, reasons, runs }: Reproduction,
  files: string[],
): object => ({
  experiment: experiment.name,
  columns: experiment.columns.map(({ name }) => name),
  seeds,
  rows: lines.map(({ recipe, row, cells }) => ({ recipe, ...row, cells })),
  beside,
  reasons,
  runs: runs.map(({ results, ...run }) => ({ ...run, engine: results.engine })),
  files,
});
