/** Heads fitted and asked, one after another: what the leaderboard is made of. */
import { classCounts, InputError } from '@longtail/core';
import { type Classifier, classifier } from '@longtail/heads';
import { type FitContext, type Fitted, fitContext, type Settings } from './fit-context.ts';
import { type HeadRow, REFERENCE } from './heads.ts';
import { type Predicted, predictions } from './held-out-predictions.ts';
import type { KnownParts } from './known-classes.ts';
import type { Leaderboard, LeaderboardOptions } from './leaderboard.ts';
import type { Part } from './part.ts';
import { type Selection, selectionOf } from './selection.ts';
import type { Pair } from './stratified-folds.ts';

export interface Tried {
  readonly seed: number;
  readonly fitted: Fitted;
  /** How its settings came about, in a sentence. */
  readonly reason: string;
  readonly predicted: Predicted;
  readonly fitSeconds: number;
  readonly predictSeconds: number;
  readonly bytes: number;
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

export type Context = ReturnType<typeof fitContext>;

export const contextOf = (
  train: Part,
  { classNames, validation }: KnownParts,
  { featuresFrom, select, seed, prior, signal, joint }: LeaderboardOptions,
  onStep?: (step: string) => void,
): Context => {
  const numClasses = classNames.length;
  const selection = selectionOf(train, { validation, featuresFrom, select, numClasses, seed });
  const counts = classCounts(train.labels, { numClasses });
  return fitContext(train, { numClasses, counts, selection, prior, seed, signal, joint, onStep });
};

/** @param made how it came about */
export const classifierOf = (
  { parts }: Fitted,
  { counts }: FitContext,
  { classNames }: KnownParts,
  made: Record<string, unknown> = {},
): Classifier => classifier({ ...parts, counts, classNames, made });

export const reasonOf = ({ select }: Fitted, { reason, how }: Selection): string =>
  select === how ? reason : 'nothing of it is chosen.';

/** Of its numbers in a file, as float32. */
const sizeOf = ({ head, transform }: Classifier): number =>
  [...head.weights.values()].reduce((sum, { size }) => sum + 4 * size, 0) +
  transform.reduce((sum, step) => sum + ('values' in step ? 4 * step.values.length : 0), 0);

async function tryHead(
  row: HeadRow,
  held: Part,
  { context, parts, again }: { context: Context; parts: KnownParts; again: Settings | undefined },
): Promise<Tried> {
  const start = performance.now();
  context.signal?.throwIfAborted();
  const fitted = await row.fit(context, again);
  const fitSeconds = seconds(start) + context.spent();
  const made = classifierOf(fitted, context, parts);
  try {
    const at = performance.now();
    const predicted = predictions(made, held);
    const times = { fitSeconds, predictSeconds: seconds(at) };
    const { seed, selection } = context;
    return { seed, fitted, reason: reasonOf(fitted, selection), predicted, ...times, bytes: sizeOf(made) };
  } finally {
    made.dispose();
  }
}

/** A head by each of its seeds, with the settings of the first. */
async function trySeeds(
  row: HeadRow,
  held: Part,
  { context, parts, seeds }: { context: Context; parts: KnownParts; seeds: number },
): Promise<Tried[]> {
  const all: Tried[] = [];
  for (let i = 0; i < (row.isDrawn ? seeds : 1); i++) {
    const again = all[0]?.fitted.settings;
    all.push(await tryHead(row, held, { context: { ...context, seed: context.seed + i }, parts, again }));
  }
  return all;
}

/** @throws what the reference throws; other heads that refuse these rows are left out, with their reason */
export async function tryAll(
  pairs: readonly Pair[],
  parts: KnownParts,
  options: LeaderboardOptions,
): Promise<{ tried: Map<HeadRow, Tried[]>; leftOut: Leaderboard['leftOut']; selection: Selection }> {
  const { heads, seeds = 1, onProgress } = options;
  const tried = new Map<HeadRow, Tried[]>(heads.map((row) => [row, []]));
  const refused = new Map<string, string>();
  const [total, show] = [heads.length * pairs.length, onProgress ?? (() => {})];
  let [done, current, selection]: [number, string, Selection | undefined] = [0, '', undefined];
  for (const { fit, held } of pairs) {
    const context = contextOf(fit, parts, options, (step) => show(done, total, `${current}, ${step}`));
    selection ??= context.selection;
    try {
      for (const row of heads) {
        current = row.name;
        show(done, total, current);
        try {
          if (!refused.has(current))
            tried.set(row, [...tried.get(row)!, ...(await trySeeds(row, held, { context, parts, seeds }))]);
        } catch (error) {
          if (!(error instanceof InputError) || row.name === REFERENCE) throw error;
          refused.set(row.name, error.message);
        }
        done += 1;
      }
    } finally {
      context.dispose();
    }
  }
  show(done, done, '');
  for (const row of heads) if (refused.has(row.name)) tried.delete(row);
  const leftOut = [...refused].map(([name, reason]) => ({ name, reason }));
  return { tried, leftOut, selection: selection! };
}
