/** What an experiment of the paper is, as data: which runs, which rows and columns of them, which numbers are published. */
import type { Published, Results } from '@longtail/report/results';
import type { RecipeOptions } from '../recipe-options.ts';

/** A way to run the recipe. */
export interface Variant {
  /** At the end of its folder's name; '' for the recipe as it is. */
  readonly name: string;
  /** What it is for. */
  readonly purpose: string;
  /** In the place of the recipe's own. */
  readonly options: Partial<RecipeOptions>;
}

/** Which number of a run. */
export interface RowName {
  readonly sampler: string;
  readonly classifier: string;
}

export interface ExperimentRow extends RowName {
  /** Of the variant with this name. */
  readonly variant: string;
  /** In the order of `heads`. */
  readonly labels: readonly string[];
}

/** Of one run, with its 95 % interval over test pictures where it has one. */
export interface Value {
  readonly value: number | null;
  readonly interval?: readonly [low: number, high: number] | undefined;
}

export interface Column {
  readonly name: string;
  /** Shares are written in percent, and others as they are. */
  readonly isShare: boolean;
  readonly of: (results: Results, row: RowName) => Value;
}

/** Of a recipe: rows are found by sampler, classifier and variant. */
export interface PublishedNumbers extends Pick<Published, 'source' | 'conditions' | 'batchSize' | 'epochBy'> {
  /** By `rowKey`, in the order of the columns, as the columns have them: shares in 0..1. */
  readonly rows: ReadonlyMap<string, readonly (number | null)[]>;
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** What it answers. */
  readonly question: string;
  /** Whose numbers the paper prints; run where none is named. */
  readonly recipes: readonly string[];
  readonly samplers: readonly string[];
  readonly variants: readonly Variant[];
  /** Titles of the rows' labels. */
  readonly heads: readonly string[];
  readonly rows: readonly ExperimentRow[];
  readonly columns: readonly Column[];
  /** Undefined where nothing is printed of the recipe. */
  readonly published: (recipe: string) => PublishedNumbers | undefined;
  /** What is drawn; a table alone has none. */
  readonly figure?: 'classifiers' | 'norms';
}

/** @example rowKey({ variant: '', sampler: 'instance-balanced', classifier: 'crt' }); // 'instance-balanced/crt' */
export const rowKey = ({ variant, sampler, classifier }: Omit<ExperimentRow, 'labels'>): string =>
  [sampler, classifier, variant].filter((part) => part !== '').join('/');
