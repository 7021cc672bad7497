/** What the heads of the leaderboard are fitted with, and what several of them share. */
import type { ClassifierParts, Head, TargetPrior } from '@longtail/heads';
import type * as tf from '@tensorflow/tfjs-core';
import { type Base, baseOf } from './base-head.ts';
import { type Part, tensorOf } from './part.ts';
import type { Selection } from './selection.ts';

/** Rows on the device. */
export interface Rows {
  /** Shape [N, D]. */
  readonly features: tf.Tensor2D;
  /** Shape [N]. */
  readonly labels: Int32Array;
}

/** What is fitted and what is held out to choose by. */
export interface FoldRows {
  readonly fit: Rows;
  readonly held: Rows;
}

export interface FitOptions {
  readonly numClasses: number;
  /** n_c of the rows that are fitted. */
  readonly counts: Int32Array;
  readonly selection: Selection;
  /** What adjusted heads are moved to. */
  readonly prior: TargetPrior;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  /** Where a fit is, in a few words. */
  readonly onStep?: ((step: string) => void) | undefined;
  /** The backbone's own linear head. */
  readonly joint: Head | undefined;
}

export type Settings = Readonly<Record<string, number>>;

/** What a row of the table gives. */
export interface Fitted {
  readonly parts: Pick<ClassifierParts, 'head' | 'transform' | 'temperature' | 'prior'>;
  readonly select: Selection['how'];
  readonly settings: Settings;
}

export interface FitContext extends FitOptions {
  readonly train: Rows;
  /** Those of the selection. */
  readonly folds: readonly FoldRows[];
  /** Plain logistic regression, fitted once; whoever wants to keep it takes `copyOf`. */
  base(): Promise<Base>;
}

const rowsOf = (part: Part): Rows => ({ features: tensorOf(part), labels: part.labels });

/** Those of the training rows themselves are there already. */
const foldRows = (train: Part, all: Rows, { pairs }: Selection): FoldRows[] =>
  pairs.map((pair) => {
    const { fit } = pair;
    return { fit: fit === train ? all : rowsOf(fit), held: rowsOf(pair.held) };
  });

/** Shared by all rows; seconds of what is shared are asked for, because each row that needs it would have spent them. */
export function fitContext(
  part: Part,
  options: FitOptions,
): FitContext & { readonly spent: () => number; dispose(): void } {
  const train = rowsOf(part);
  const folds = foldRows(part, train, options.selection);
  let base: Base | undefined;
  let spent = 0;
  return {
    ...options,
    train,
    folds,
    async base() {
      if (base) {
        spent = base.seconds; // once, however often a head asks
        return base;
      }
      base = await baseOf(train, folds, options);
      return base;
    },
    /** Seconds of what was fitted before, since the last time. */
    spent() {
      const seconds = spent;
      spent = 0;
      return seconds;
    },
    dispose() {
      const all = new Set([train, ...folds.flatMap(({ fit, held }) => [fit, held])]);
      for (const { features } of all) features.dispose();
      for (const head of base ? [base.head, ...base.folds] : []) head.dispose();
    },
  };
}
