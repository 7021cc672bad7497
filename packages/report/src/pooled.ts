/**
 * Several runs together: those of one recipe, with one set of options on one data set by one
 * arithmetic, differ by their seeds and are pooled;
 * pools stand side by side. What another seed changes is shown, each value beside the mean, and not tested: a
 * p-value of a few seeds says little, and here there is none.
 */
import { InputError } from '@longtail/core';
import { counted } from './format.ts';
import { parseResults } from './parse-results.ts';
import type { Results, Row, ScoreName } from './results.ts';
import { haveSameTestPictures } from './test-pictures.ts';

export interface PooledScore {
  /** Of those runs that have the score; null where none has. */
  readonly mean: number | null;
  /** One a run, in the order of `seeds`. */
  readonly values: readonly (number | null)[];
}

export interface PooledRow {
  readonly sampler: string;
  readonly classifier: string;
  readonly scores: Readonly<Record<ScoreName, PooledScore>>;
}

export interface Pool {
  /** The recipe, with what tells it from the other pools: `demo (epochs 3)`. */
  readonly name: string;
  /** One a run, null where it does not say. */
  readonly seeds: readonly (number | null)[];
  /** Whether its runs say that all were tested on the same pictures, or on others, as where a recipe draws them; null: they do not say. */
  readonly sameTestPictures: boolean | null;
  readonly rows: readonly PooledRow[];
}

type Facts = Readonly<Record<string, string>>;

const recipeOf = ({ recipe, name }: Results): string => recipe ?? name;

/** What runs of one pool have in common beside the recipe, and are told apart by. */
function factsOf({ dataset, options = {}, protocol = {}, rows }: Results): Facts {
  const groups = protocol.groupRule ?? rows[0]!.scores.groupRule ?? '';
  const loss = protocol.loss ?? '';
  return {
    ...Object.fromEntries(Object.entries(options).map(([k, v]) => [k, String(v)])),
    loss,
    groups,
    on: dataset.name,
  };
}

/** Sets and arithmetic, which tell apart what has one name so far. Not hashes of pictures: a recipe may draw them by the seed. */
function furtherFacts({ dataset: { trainCounts, testSize }, engine }: Results): Facts {
  const [most, least] = [
    trainCounts.reduce((a, b) => Math.max(a, b)),
    trainCounts.reduce((a, b) => Math.min(a, b)),
  ];
  const size = trainCounts.reduce((a, b) => a + b);
  return {
    'trained on': `${counted(size, 'picture', 'pictures')}, ${most} to ${least} a class`,
    'tested on': counted(testSize, 'picture', 'pictures'),
    backend: engine?.backend ?? '',
    autocast: engine ? (engine.autocast ?? 'none') : '',
  };
}

interface Described {
  readonly run: Results;
  readonly recipe: string;
  readonly facts: Facts;
  readonly further: Facts;
}

const described = (run: Results): Described => ({
  run,
  recipe: recipeOf(run),
  facts: factsOf(run),
  further: furtherFacts(run),
});

const keyOf = ({ run, recipe, facts, further }: Described): string =>
  JSON.stringify([recipe, Object.entries(facts).sort(), further, run.dataset.trainCounts]);

/** Facts of a pool that another pool of its recipe has otherwise; the set and the groups, that any other has. */
const differing = ({ recipe, facts }: Described, all: readonly Described[]): [string, string][] =>
  Object.entries(facts).filter(([key, value]) =>
    all.some(
      (other) => (other.recipe === recipe || key === 'on' || key === 'groups') && other.facts[key] !== value,
    ),
  );

/** @param all the first run of each pool */
function namesOf(all: readonly Described[]): string[] {
  const said = all.map((one) => differing(one, all));
  const nameOf = (i: number, facts: readonly (readonly [string, string])[]): string => {
    const text = facts.map(([key, value]) => `${key} ${value || 'not said'}`).join(', ');
    return `${all[i]!.recipe}${text && ` (${text})`}`;
  };
  const short = said.map((facts, i) => nameOf(i, facts));
  const names = all.map(({ further }, i) => {
    const alike = all.filter((_, j) => short[j] === short[i]);
    const apart = Object.entries(further).filter(([key, value]) =>
      alike.some((other) => other.further[key] !== value),
    );
    return nameOf(i, [...said[i]!, ...apart]);
  });
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}, no. ${before + 1}`;
  });
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

function pooledRow({ sampler, classifier }: Row, runs: readonly Results[]): PooledRow {
  const rows = runs.map((run) =>
    run.rows.find((row) => row.sampler === sampler && row.classifier === classifier),
  );
  const score = (name: ScoreName): PooledScore => {
    const values = rows.map((row) => row?.scores[name] ?? null);
    return { mean: meanOf(values), values };
  };
  const shots = { many: score('many'), medium: score('medium'), few: score('few'), all: score('all') };
  return {
    sampler,
    classifier,
    scores: { ...shots, meanOfClasses: score('meanOfClasses'), macroF1: score('macroF1') },
  };
}

function expectSeedsOnce(name: string, runs: readonly Results[]): void {
  const seeds = runs.map(({ seed }) => seed);
  const twice = seeds.find((seed, i) => seed !== undefined && seeds.indexOf(seed) !== i);
  if (twice === undefined) return;
  const areOthers = haveSameTestPictures(runs.filter(({ seed }) => seed === twice)) === false;
  const found = areOthers ? 'there for two sets of test pictures' : 'there twice';
  throw new InputError(
    `expected runs of ${name} by different seeds, but seed ${twice} is ${found}; give ${areOthers ? 'those of one set' : 'each run once'}.`,
    { name, seed: twice },
  );
}

/**
 * @param runs results, in any order
 * @returns a pool for each recipe, data set, set of options and arithmetic, in the order of their first runs
 * @throws InputError where a seed of a pool is there twice; DataError for what is not of the form of results
 * @example
 * pooled([seed0, seed1])[0].rows[0].scores.few.values; // [0.31, 0.29]
 */
export function pooled(runs: readonly Results[]): Pool[] {
  if (!Array.isArray(runs) || runs.length === 0)
    throw new InputError('expected a list of results, but got none; give those of one run at least.');
  const all = runs.map((run) => described(parseResults(run)));
  const groups = [...Map.groupBy(all, keyOf).values()];
  const names = namesOf(groups.map(([first]) => first!));
  return groups.map((group, i) => {
    const name = names[i]!;
    const own = group.map(({ run }) => run);
    const seeds = own.map(({ seed = null }) => seed);
    expectSeedsOnce(name, own);
    const rows = new Map(
      own.flatMap((run) => run.rows).map((row) => [JSON.stringify([row.sampler, row.classifier]), row]),
    );
    const sameTestPictures = haveSameTestPictures(own);
    return { name, seeds, sameTestPictures, rows: [...rows.values()].map((row) => pooledRow(row, own)) };
  });
}

export interface Compared {
  readonly sampler: string;
  readonly classifier: string;
  /** Of each pool that has the row. */
  readonly of: readonly { readonly pool: Pool; readonly row: PooledRow }[];
}

/** Row by row, the pools beside one another; in the order of their first. */
export function sideBySide(pools: readonly Pool[]): Compared[] {
  const all = pools.flatMap((pool) => pool.rows.map((row) => ({ pool, row })));
  const groups = Map.groupBy(all, ({ row }) => JSON.stringify([row.sampler, row.classifier]));
  return [...groups.values()].map((of) => ({
    sampler: of[0]!.row.sampler,
    classifier: of[0]!.row.classifier,
    of,
  }));
}

/** The highest mean of a column. */
export function bestMean(pools: readonly Pool[], column: ScoreName): number | null {
  const means = pools.flatMap(({ rows }) => rows.map(({ scores }) => scores[column].mean));
  return means.reduce((best, mean) => (mean !== null && (best === null || mean > best) ? mean : best), null);
}
