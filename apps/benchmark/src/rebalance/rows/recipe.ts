/**
 * How most heads of the table are fitted. Settings have documented defaults. Where there are rows to choose by, those of the grid
 * are tried on what each fold fits, from the default on as long as held-out rows get better, and a temperature is fitted to the best
 * scores.
 */
import { isDeepStrictEqual } from 'node:util';
import { classCounts } from '@longtail/core';
import { type FeatureTransform, type Head, transformed } from '@longtail/heads';
import { argmax, evaluate } from '@longtail/metrics';
import * as tf from '@tensorflow/tfjs-core';
import { balancedTemperature } from '../balanced-temperature.ts';
import type { FitContext, Fitted, Rows, Settings } from '../fit-context.ts';
import type { HeadRow } from '../heads.ts';

/** Rows to fit a head to. */
export interface Task extends Rows {
  /** n_c of them, [C]. */
  readonly counts: Int32Array;
  readonly numClasses: number;
  readonly dim: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  /** Called after an epoch. */
  readonly onEpoch: (epoch: number) => void;
  /** The backbone's own head where it is given, else plain logistic regression on the same rows; not to be disposed. */
  readonly base: () => Promise<Head>;
}

export interface Made {
  readonly head: Head;
  readonly transform?: FeatureTransform;
  /** Where it was not what the settings say, such as a lower rate. */
  readonly used?: Settings;
}

export interface Recipe {
  /** With a temperature where that of scores as they are is not 1. */
  readonly defaults: Settings | ((task: Task) => Settings);
  /** What is tried where there are rows to choose by, in order, the defaults among it; default: the defaults alone. */
  readonly grid?: readonly Settings[];
  readonly make: (task: Task, settings: Settings) => Made | Promise<Made>;
}

/** @param base of the same rows */
const taskOf = (rows: Rows, { numClasses, seed, signal, onStep }: FitContext, base: Task['base']): Task => ({
  ...{ ...rows, numClasses, seed, signal, base, dim: rows.features.shape[1] },
  counts: classCounts(rows.labels, { numClasses }),
  onEpoch: (epoch) => onStep?.(`epoch ${epoch + 1}`),
});

const wholeTask = (context: FitContext): Task =>
  taskOf(context.train, context, async () => context.joint ?? (await context.base()).head);

const foldTasks = (context: FitContext): Task[] =>
  context.folds.map(({ fit }, i) =>
    taskOf(fit, context, async () => context.joint ?? (await context.base()).folds[i]!),
  );

/** The scores of held-out rows, fold by fold, by heads that are fitted on the others. */
async function heldOutLogits(
  { make }: Recipe,
  settings: Settings,
  { tasks, folds }: { tasks: readonly Task[]; folds: FitContext['folds'] },
): Promise<tf.Tensor2D[]> {
  const logits: tf.Tensor2D[] = [];
  try {
    for (const [i, task] of tasks.entries()) {
      const { head, transform = [] } = await make(task, settings);
      try {
        logits.push(tf.tidy(() => head.logits(transformed(folds[i]!.held.features, transform))));
      } finally {
        head.dispose();
      }
    }
    return logits;
  } catch (error) {
    tf.dispose(logits);
    throw error;
  }
}

/** The mean of the classes' accuracies, or, at the training prior, that of rows. */
function scoreOf(
  logits: readonly tf.Tensor2D[],
  labels: Int32Array,
  { numClasses, prior }: FitContext,
): number {
  const classes = logits.flatMap((each) => [...argmax(each.dataSync(), { numClasses })]);
  const scores = evaluate(classes, labels, new Int32Array(numClasses).fill(1));
  return prior === 'train' ? scores.all : scores.meanOfClasses;
}

/** From the default along the grid as far as it gets better: up, and where that does not, down. */
async function chosen(
  recipe: Recipe,
  { grid, from }: { grid: readonly Settings[]; from: number },
  context: FitContext,
): Promise<Settings> {
  const { folds, seed } = context;
  const labels = Int32Array.from(folds.flatMap(({ held }) => [...held.labels]));
  const tasks = foldTasks(context);
  let best: { at: number; logits: tf.Tensor2D[]; score: number } | undefined;
  const isBetter = async (at: number): Promise<boolean> => {
    let logits = await heldOutLogits(recipe, grid[at]!, { tasks, folds });
    try {
      const score = grid.length === 1 ? 0 : scoreOf(logits, labels, context);
      if (best && score <= best.score) return false;
      const worse = best?.logits ?? [];
      best = { at, logits, score };
      logits = worse;
      return true;
    } finally {
      tf.dispose(logits);
    }
  };
  try {
    await isBetter(from);
    for (const step of [1, -1])
      if (best!.at === from) for (let at = from + step; grid[at] && (await isBetter(at)); at += step);
    const { temperature: _, ...settings } = grid[best!.at]!;
    return { ...settings, temperature: balancedTemperature(best!.logits, labels, { seed }) };
  } finally {
    tf.dispose(best?.logits ?? []);
  }
}

/** @returns of a row of the table; with settings that were chosen before, nothing is chosen */
export const fitBy =
  (recipe: Recipe): HeadRow['fit'] =>
  async (context, again): Promise<Fitted> => {
    const task = wholeTask(context);
    const { defaults, make } = recipe;
    const fixed = typeof defaults === 'function' ? defaults(task) : defaults;
    const grid = recipe.grid ?? [fixed];
    const from = Math.max(
      0,
      grid.findIndex((settings) => isDeepStrictEqual(settings, fixed)),
    );
    const mayChoose = context.folds.length > 0;
    const settings = again ?? (mayChoose ? await chosen(recipe, { grid, from }, context) : fixed);
    const { head, transform = [], used } = await make(task, settings);
    const { temperature = 1 } = settings;
    return {
      parts: { head, transform, temperature },
      settings: { ...settings, ...used, temperature },
      select: mayChoose ? context.selection.how : 'default',
    };
  };
