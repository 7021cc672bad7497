/** What a recipe is: typed code that imports its parts and says what it does with them. */
import type { Backbone } from '@longtail/backbones';
import type { Dataset, Transform } from '@longtail/datasets';
import type { HeadSchedule } from '@longtail/heads';
import type { Schedule } from '@longtail/optim';
import type { RecipeOptions } from './recipe-options.ts';

export interface RecipeData {
  readonly train: Dataset;
  /** What tau is chosen on; absent: class-balanced training images. */
  readonly validation?: Dataset;
  readonly test: Dataset;
}

export interface StatedCost {
  readonly hours: number;
  /** Such as `a GPU`. */
  readonly on: string;
}

export interface Recipe {
  readonly name: string;
  /** The command, the cost and the numbers to expect. */
  readonly summary: string;
  /** Absent ones are those of recipe-options.ts. */
  readonly options: Partial<RecipeOptions>;
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
  /** Stages of the backbone that stay as they begin, running statistics included (Table 1). Default: none. */
  readonly frozen?: readonly string[];
  /** The backbone's learning rate as a multiple of the joint head's. Default: 1. */
  readonly backboneRate?: number;
  /** Whether the backbone begins with somebody's weights, so that `--set pretrained=FILE` must be given. Default: false. */
  readonly needsPretrained?: boolean;
  /** Of one representation at the recipe's own epochs, as its head states it; stage 2 is not in it. */
  readonly cost?: StatedCost;
  /** Of stage 2, cRT and LWS: 'official' has the rate 0 in its last epoch, the only one of `headEpochs=1`. Default: 'epoch'. */
  readonly headSchedule?: HeadSchedule;
}

/** What pictures are looked at by where nothing is trained: a recipe, or a folder that has none. */
export type PictureSource = Pick<Recipe, 'name' | 'statistics' | 'augment' | 'evaluate' | 'data'> &
  Partial<Pick<Recipe, 'backbone'>>;
