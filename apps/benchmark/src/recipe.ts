/** What a recipe is: typed code that imports its parts and says what it does with them. */
import type { Backbone } from '@longtail/backbones';
import { UsageError } from '@longtail/core';
import type { Dataset, Transform } from '@longtail/datasets';
import type { Schedule } from '@longtail/optim';

export type Setting = string | number | boolean;

/** What every recipe can be told by `--set key=value`. */
export interface RecipeOptions {
  /** Of stage 1. */
  readonly epochs: number;
  /** Images of an epoch that are used, 0 for all: a quick look. */
  readonly imagesPerEpoch: number;
  readonly batchSize: number;
  /**
   * Pictures that the backbone sees at once, where a batch does not fit into memory; absent or 0: the whole batch. The step is
   * that of the batch but for batch norms, which see the parts, and costs one more forward pass.
   */
  readonly microBatch?: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Names from samplers.ts or paths of modules, comma-separated: one representation each. */
  readonly samplers: string;
  /** Of stage 1: a name from losses.ts, or the path of a module; absent: cross-entropy. */
  readonly loss?: string;
  /** A picture that cannot be read ends the run (absent), or is left out and counted. */
  readonly onBadImage?: 'fail' | 'skip';
  /** Of stage 2, cRT and LWS. */
  readonly headEpochs: number;
  readonly headLearningRate: number;
  readonly headBatchSize: number;
}

export const DEFAULT_LOSS = 'cross-entropy';

export interface RecipeData {
  readonly train: Dataset;
  /** What tau is chosen on; absent: class-balanced training images. */
  readonly validation?: Dataset;
  readonly test: Dataset;
}

export interface Recipe {
  readonly name: string;
  /** The command, the cost and the numbers to expect. */
  readonly summary: string;
  readonly options: RecipeOptions;
  /** Whether `--data` must be given. */
  readonly needsData: boolean;
  readonly statistics: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Of training pictures. */
  readonly augment: Transform;
  /**
   * Of every picture when nothing is trained. Default: as they are where all have the size that `augment` gives, else
   * short side and centre crop in the proportion of 256 to 224.
   */
  readonly evaluate?: Transform;
  /** @param where.data folder of the pictures; where.cache folder for what is worth keeping from run to run */
  data(where: {
    data: string;
    cache: string;
    seed: number;
    onProgress?: (done: number, total: number) => void;
  }): Promise<RecipeData>;
  backbone(options: { seed: number }): Backbone;
  schedule(options: RecipeOptions): Schedule;
}

/**
 * The recipe's options with `key=value` settings in place.
 *
 * @throws UsageError for a key the recipe does not have, or a value of another type
 */
export function withSettings(recipe: Recipe, settings: readonly string[]): RecipeOptions {
  const options: Record<string, Setting> = {
    ...recipe.options,
    loss: recipe.options.loss ?? DEFAULT_LOSS,
    microBatch: recipe.options.microBatch ?? 0,
    onBadImage: recipe.options.onBadImage ?? 'fail',
  };
  for (const setting of settings) {
    const [key = '', ...rest] = setting.split('=');
    const text = rest.join('=');
    const known = Object.hasOwn(options, key) ? options[key] : undefined;
    if (known === undefined || rest.length === 0)
      throw new UsageError(
        `--set takes key=value with one of the keys ${Object.keys(options).join(', ')}, but got "${setting}".`,
      );
    const value =
      typeof known === 'number' ? Number(text) : typeof known === 'boolean' ? text === 'true' : text;
    if (text === '' || (typeof known === 'number' && !(Number.isFinite(value) && Number(value) >= 0)))
      throw new UsageError(`--set ${key} takes a ${typeof known} >= 0 such as ${known}, but got "${text}".`);
    if (key === 'microBatch' && !Number.isInteger(value))
      throw new UsageError(`--set microBatch takes an integer >= 0, 0 for off, but got "${text}".`);
    if (key === 'onBadImage' && text !== 'fail' && text !== 'skip')
      throw new UsageError(`--set onBadImage takes fail or skip, but got "${text}".`);
    options[key] = value;
  }
  return options as unknown as RecipeOptions;
}
