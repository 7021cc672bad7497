/** The scores of somebody's checkpoint on a recipe's pictures, with everything that they depend on. */
import { classCounts, UsageError } from '@longtail/core';
import type { Dataset } from '@longtail/datasets';
import { evaluate, type GroupRule, type Scores } from '@longtail/metrics';
import { classesBy } from './checkpoint-classes.ts';
import { type CheckpointFile, readCheckpoint } from './checkpoint-file.ts';
import { type CheckpointHead, findHead } from './checkpoint-head.ts';
import { type ExtractOptions, extractSplit } from './extract-splits.ts';
import { readLabelMap } from './label-map.ts';
import { type LoadedCheckpoint, loadCheckpoint } from './load-checkpoint.ts';
import type { PictureSource, RecipeData } from './recipe.ts';
import type { EngineName } from './results.ts';

export interface CheckpointRecord {
  readonly file: string;
  readonly sha256: string;
  readonly architecture: string;
  /** What stands before the backbone's names. */
  readonly prefix: string;
  /** Of a transformer: that its positions are of; they are resized for others. */
  readonly pictureSize?: string;
}

/** The one JSON document of `longtail evaluate --checkpoint`. */
export interface CheckpointResults {
  readonly command: string;
  readonly checkpoint: CheckpointRecord & {
    /** The file's names of weight, bias and scale. */
    readonly head: readonly string[];
    /** The file's names of all that is not in use. */
    readonly leftOut: readonly string[];
    /** Numbers that the file states of itself, such as `best_acc1`. */
    readonly states: Readonly<Record<string, number>>;
  };
  readonly recipe: string;
  /** The file that says which of the checkpoint's classes are ours, and how many it leaves out. */
  readonly labelsMap?: { readonly file: string; readonly leftOut: number };
  readonly dataset: {
    readonly name: string;
    readonly split: Split;
    readonly pictures: number;
    /** That could not be read and were left out. */
    readonly skipped: number;
    readonly classNames: readonly string[];
    readonly trainCounts: readonly number[];
  };
  /** What was done to pictures. */
  readonly evaluation: string;
  readonly engine: EngineName;
  readonly scores: Scores;
  readonly seconds: number;
}

export type Split = 'test' | 'validation';

export interface CheckpointOptions extends Omit<ExtractOptions, 'recipe'> {
  readonly recipe: PictureSource;
  /** A name of ARCHITECTURES or VIT_ARCHITECTURES instead of the recipe's backbone. */
  readonly architecture?: string;
  /** What stands before the backbone's names, where the file holds several copies. */
  readonly prefix?: string;
}

export interface HeadOptions {
  /** Path of a file of `theirs ours` lines (label-map.ts). */
  readonly labelsMap?: string;
  /** Name of the classifier, where several fit. */
  readonly head?: string;
}

/** @throws UsageError for a split that the recipe does not have */
function splitOf({ test, validation }: RecipeData, split: Split, { name }: PictureSource): Dataset {
  const found = { test, validation }[split];
  if (found) return found;
  throw new UsageError(`${name} has no validation split; take --split test.`);
}

export const recordOf = (
  { path, sha256 }: CheckpointFile,
  { backbone, prefix, pictureSize }: LoadedCheckpoint,
): CheckpointRecord => ({
  file: path,
  sha256,
  architecture: backbone.name,
  prefix,
  ...(pictureSize !== undefined && { pictureSize }),
});

const partsOf = (
  { rest }: LoadedCheckpoint,
  { used }: CheckpointHead,
): Pick<CheckpointResults['checkpoint'], 'head' | 'leftOut'> => ({
  head: used,
  leftOut: [...rest.keys()].filter((name) => !used.includes(name)),
});

/** Single numbers at the top of the file. */
const statesOf = ({ arrays }: CheckpointFile): Record<string, number> =>
  Object.fromEntries(
    [...arrays]
      .filter(([name, { shape }]) => shape.length === 0 && !name.includes('.'))
      .map(([name, { data }]) => [name, Number(data[0])]),
  );

/** The classifier, and where a mapping says it, which of its rows each of our classes is. */
async function headOf(
  { backbone, prefix, rest }: LoadedCheckpoint,
  { train: { classNames } }: RecipeData,
  { path, labelsMap, head: name }: HeadOptions & { path: string },
): Promise<{ head: CheckpointHead; order?: Int32Array }> {
  const { featureDim } = backbone;
  const wanted = { featureDim, prefix, path, ...(name !== undefined && { head: name }) };
  if (labelsMap === undefined) return { head: findHead(rest, { ...wanted, numClasses: classNames.length }) };
  const head = findHead(rest, wanted);
  return { head, order: await readLabelMap(labelsMap, { classNames, rows: head.rows }) };
}

/**
 * @param path of the checkpoint, in any format that openArrays of @longtail/formats reads
 * @param data the recipe's pictures, asked for once the checkpoint is known to fit the backbone
 * @throws DataError for a checkpoint that does not fit; UsageError for a split, head or architecture that is not there
 */
export async function evaluateCheckpoint(
  path: string,
  data: () => Promise<RecipeData>,
  {
    split,
    groupRule,
    labelsMap,
    head: name,
    ...options
  }: CheckpointOptions & HeadOptions & { split: Split; groupRule: GroupRule },
): Promise<Omit<CheckpointResults, 'command' | 'engine' | 'seconds'>> {
  const file = await readCheckpoint(path);
  const loaded = loadCheckpoint(file, options);
  try {
    const sets = await data();
    const set = splitOf(sets, split, options.recipe);
    const choice = {
      path,
      ...(labelsMap !== undefined && { labelsMap }),
      ...(name !== undefined && { head: name }),
    };
    const { head, order } = await headOf(loaded, sets, choice);
    const { features, transform } = await extractSplit(loaded.backbone, sets, set, options);
    const predictions = classesBy(head, features, { order, cosine: file.metadata.head === 'cosine' });
    const { classNames, labels } = sets.train;
    const trainCounts = classCounts(labels, { numClasses: classNames.length });
    const { skipped } = features;
    return {
      checkpoint: { ...recordOf(file, loaded), ...partsOf(loaded, head), states: statesOf(file) },
      recipe: options.recipe.name,
      ...(labelsMap !== undefined && {
        labelsMap: { file: labelsMap, leftOut: head.rows - classNames.length },
      }),
      dataset: {
        ...{ name: set.name, split, pictures: features.labels.length, skipped },
        ...{ classNames, trainCounts: [...trainCounts] },
      },
      evaluation: transform,
      scores: evaluate(predictions, features.labels, trainCounts, { groupRule }),
    };
  } finally {
    loaded.backbone.dispose();
  }
}
