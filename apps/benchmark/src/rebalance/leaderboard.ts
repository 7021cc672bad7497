/** Every head fitted and tested on the same rows, and compared with plain logistic regression. */
import { extent } from '@longtail/core';
import type { Head, TargetPrior } from '@longtail/heads';
import { equalWidthCalibration, evaluate, type GroupRule, type Scores } from '@longtail/metrics';
import { compareHeads, type HeadDifference, intervalOf, type TestedHeads } from './compare-heads.ts';
import type { Settings } from './fit-context.ts';
import { type HeadRow, REFERENCE } from './heads.ts';
import { joinedPredictions } from './held-out-predictions.ts';
import type { KnownParts } from './known-classes.ts';
import { meanScores } from './mean-scores.ts';
import type { FeaturesFrom, Select, Selection } from './selection.ts';
import { testPairs } from './test-pairs.ts';
import { type Tried, tryAll } from './try-heads.ts';

export interface LeaderboardOptions {
  readonly heads: readonly HeadRow[];
  readonly featuresFrom: FeaturesFrom;
  readonly select?: Select | undefined;
  readonly groupRule: GroupRule;
  readonly prior: TargetPrior;
  readonly seed: number;
  /** How often heads that are drawn are fitted, by seeds from `seed` on. Default: 1. */
  readonly seeds?: number;
  readonly signal?: AbortSignal | undefined;
  readonly joint?: Head | undefined;
  readonly onProgress?: (done: number, total: number, head: string) => void;
}

/** What one seed gave. */
export interface OfSeed {
  readonly seed: number;
  readonly scores: Scores;
  readonly ece: number;
}

export interface Entry {
  readonly name: string;
  readonly note: string;
  /** The mean of its seeds, where there are several. */
  readonly scores: Scores;
  readonly worstClass: number;
  readonly ece: number;
  /** Of the score that heads are compared by, 95 %, of the first seed. */
  readonly interval: { readonly low: number; readonly high: number };
  /** One of a head that is not drawn. */
  readonly seeds: readonly OfSeed[];
  /** How its settings came about. */
  readonly select: Select;
  readonly selectReason: string;
  /** Of each fold, where there are folds. */
  readonly settings: readonly Settings[];
  readonly fitSeconds: number;
  readonly predictSeconds: number;
  /** Of its numbers in a file. */
  readonly bytes: number;
  /** To plain logistic regression. */
  readonly comparison: HeadDifference;
}

/** Compared are the means of the classes' accuracies, or those of rows where the prior is that of the training rows. */
export interface Leaderboard extends TestedHeads {
  readonly entries: readonly Entry[];
  /** Heads that these rows are not for. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Whether there was a test part; else all rows were tested by folds. */
  readonly testedOn: 'test' | 'folds';
  readonly testedRows: number;
  readonly selection: Selection;
  /** By head: by how many of its seeds each row is predicted rightly, and how many there are. */
  readonly hits: ReadonlyMap<string, Uint8Array>;
  readonly seedsOfHits: number;
  /** Of the tested rows: which row of its file each is. */
  readonly places: Int32Array;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** A head's predictions of all tested rows, by seed. */
interface Whole {
  readonly row: HeadRow;
  readonly tries: readonly Tried[];
  readonly classes: readonly Int32Array[];
  readonly confidence: readonly Float32Array[];
}

function wholeOf(row: HeadRow, tries: readonly Tried[]): Whole {
  const seeds = [...new Set(tries.map(({ seed }) => seed))];
  const each = seeds.map((seed) =>
    joinedPredictions(tries.filter((one) => one.seed === seed).map(({ predicted }) => predicted)),
  );
  return {
    ...{ row, tries },
    classes: each.map(({ classes }) => classes),
    confidence: each.map(({ confidence }) => confidence),
  };
}

const hitsOf = (classes: Int32Array, labels: Int32Array): Uint8Array =>
  Uint8Array.from(classes, (c, row) => (c === labels[row] ? 1 : 0));

/** A head that is not drawn counts as often as those that are. */
function summedHits({ classes }: Whole, labels: Int32Array, seeds: number): Uint8Array {
  const sums = new Uint8Array(labels.length);
  for (const own of classes)
    for (let i = 0; i < sums.length; i++) if (own[i] === labels[i]) sums[i]! += seeds / classes.length;
  return sums;
}

function entryOf(
  { row, tries, classes, confidence }: Whole,
  { labels, counts, groupRule }: { labels: Int32Array; counts: Int32Array; groupRule: GroupRule },
): Omit<Entry, 'comparison' | 'interval'> {
  const seeds = classes.map((own, i) => ({
    seed: tries[i]!.seed,
    scores: evaluate(own, labels, counts, { groupRule }),
    ece: equalWidthCalibration(confidence[i]!, hitsOf(own, labels)).ece,
  }));
  const scores = meanScores(seeds.map((one) => one.scores));
  const first = tries.filter(({ seed }) => seed === tries[0]!.seed);
  return {
    name: row.name,
    note: row.note,
    ...{ scores, seeds },
    worstClass: extent(scores.perClass.filter((one) => one !== null))[0],
    ece: mean(seeds.map(({ ece }) => ece)),
    select: first[0]!.fitted.select,
    selectReason: first[0]!.reason,
    settings: first.map(({ fitted }) => fitted.settings),
    fitSeconds: mean(first.map((one) => one.fitSeconds)),
    predictSeconds: mean(first.map((one) => one.predictSeconds)),
    bytes: first[0]!.bytes,
  };
}

/** @throws the signal's reason when it is aborted */
export async function leaderboard(parts: KnownParts, options: LeaderboardOptions): Promise<Leaderboard> {
  const { groupRule, prior, seed, seeds = 1 } = options;
  const { counts } = parts;
  const pairs = testPairs(parts, options);
  const { tried, leftOut, selection } = await tryAll(pairs, parts, options);
  const [labels, places] = [
    Int32Array.from(pairs.flatMap(({ held }) => [...held.labels])),
    Int32Array.from(pairs.flatMap(({ held }) => [...held.places])),
  ];
  const metric = prior === 'train' ? 'all' : 'meanOfClasses';
  const all = [...tried].map(([row, tries]) => wholeOf(row, tries));
  const hits = new Map(all.map((whole) => [whole.row.name, summedHits(whole, labels, seeds)]));
  const predictions = new Map(all.map(({ row, classes }) => [row.name, classes]));
  const tested: TestedHeads = { predictions, labels, counts, metric, groupRule };
  const differences = compareHeads(tested, { reference: REFERENCE, seed });
  const entries = all.map(
    (whole, i): Entry => ({
      ...entryOf(whole, { labels, counts, groupRule }),
      interval: intervalOf(tested, whole.classes[0]!, { seed }),
      comparison: differences[i]!,
    }),
  );
  const [testedOn, testedRows] = [parts.test ? 'test' : 'folds', labels.length] as const;
  const rows = { testedOn, testedRows, places } as const;
  return { ...tested, entries, leftOut, ...rows, selection, hits, seedsOfHits: seeds };
}
