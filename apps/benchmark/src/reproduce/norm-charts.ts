/** Figure 2 with seeds: the report's charts of norms and of accuracy over tau, a panel a run, two figures a recipe. */
import { tauCurves, weightNorms } from '@longtail/report/page-charts';
import type { Markup } from '@longtail/report/page-parts';
import type { Results } from '@longtail/report/results';
import { recipeLabel } from './plan.ts';
import type { ReproducedRun, Reproduction } from './reproduction.ts';

/** Runs of one recipe as one: what a panel is of is named by its seed as well. */
function together(runs: readonly ReproducedRun[], samplers: readonly string[]): Results {
  const all = runs.flatMap(({ seed, results }) => {
    const named = <T extends { readonly sampler: string }>(list: readonly T[] = []): T[] =>
      list
        .filter(({ sampler }) => samplers.includes(sampler))
        .map((one) => ({ ...one, sampler: runs.length > 1 ? `${one.sampler}, seed ${seed}` : one.sampler }));
    const { rows, weightNorms: norms, tauCurves: curves } = results;
    return [{ rows: named(rows), norms: named(norms), curves: named(curves) }];
  });
  return {
    ...runs[0]!.results,
    rows: all.flatMap(({ rows }) => rows),
    weightNorms: all.flatMap(({ norms }) => norms),
    tauCurves: all.flatMap(({ curves }) => curves),
  };
}

export async function normCharts({ runs, experiment }: Reproduction): Promise<(Markup | null)[]> {
  const recipes = [...Map.groupBy(runs, ({ recipe }) => recipe)];
  const drawn = recipes.map(async ([name, own]) => {
    const results = together(own, experiment.samplers);
    const of = recipes.length > 1 ? { recipe: recipeLabel(name) } : {};
    return [await weightNorms(results, of), await tauCurves(results, of)];
  });
  return (await Promise.all(drawn)).flat();
}
