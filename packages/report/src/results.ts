/**
 * What there is to report: plain data, whoever computed it. The page, the tables and the files are made of nothing else.
 * Needed are a name, a data set and rows; whatever else is absent is left out of what is made.
 */

import type { AnsweredPicture, Confusion, Reliability } from './result-details.ts';

export type * from './result-details.ts';

/** By the TRAINING counts of the classes. */
export type Group = 'many' | 'medium' | 'few';
export const GROUPS: readonly Group[] = ['many', 'medium', 'few'];

/** Accuracies in 0..1; null of a group or class without test rows. What `evaluate` of @longtail/metrics returns fits. */
export interface Scores {
  /** Top-1 over all test rows. */
  readonly all: number;
  /** The mean of the accuracies of the group's classes. */
  readonly many: number | null;
  readonly medium: number | null;
  readonly few: number | null;
  /** The mean of all classes' accuracies. */
  readonly meanOfClasses?: number;
  readonly macroF1?: number;
  /** What the groups go by: `official`, `oltr`, `mislas`, or a name of one's own. */
  readonly groupRule?: string;
  /** Shape [C]. */
  readonly perClass?: readonly (number | null)[];
  /** Confidence intervals, such as bootstrap ones of 95 %, of any of the scores. */
  readonly intervals?: Readonly<Partial<Record<ScoreName, readonly [low: number, high: number]>>>;
}

/** The scores of a row that are one number. */
export const SCORE_NAMES = ['many', 'medium', 'few', 'all', 'meanOfClasses', 'macroF1'] as const;
export type ScoreName = (typeof SCORE_NAMES)[number];

export interface Row {
  /** How the representation was sampled in stage 1: `instance-balanced`, `class-balanced`, ... */
  readonly sampler: string;
  /** The classifier on it: `joint`, `ncm`, `crt`, `tau`, `lws`, or a name of one's own. */
  readonly classifier: string;
  /** What was chosen on the selection split, such as `{ tau: 0.7 }`. */
  readonly chosen?: Readonly<Record<string, number>>;
  /** What stage 2 learned it from, in words, where that is the row's own; see {@link Protocol.batchNorm}. */
  readonly protocol?: string;
  readonly scores: Scores;
}

export interface EpochRecord {
  readonly sampler: string;
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Accuracy on the training batches as they came, 0..1. */
  readonly trainAccuracy: number;
  /** Pictures that could not be read and were left out. */
  readonly skipped?: number;
  readonly seconds: number;
}

export interface TauCurve {
  readonly sampler: string;
  /** `scores` of the test pictures; `selection` is what tau was chosen by, 0..1, on the selection split. */
  readonly points: readonly { readonly tau: number; readonly scores: Scores; readonly selection?: number }[];
}

/** ||w_c|| of one head, shape [C]. */
export interface WeightNorms {
  readonly sampler: string;
  readonly classifier: string;
  readonly norms: readonly number[];
}

/** A number of the table: the row, and the column. */
export interface Measured {
  readonly sampler: string;
  readonly classifier: string;
  readonly column: Group | 'all';
}

/** What the test rows say of one number less another, both of the same rows or of other classes of one method. */
export interface Comparison {
  /** Which of them were asked together: `adjusted` is over all comparisons of the question. */
  readonly question: string;
  readonly first: Measured;
  readonly second: Measured;
  /** Of accuracies in 0..1, and its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, of no difference; and by Holm over the question. */
  readonly p: number;
  readonly adjusted: number;
  /** Of the first, by `adjusted` at 0.05. */
  readonly verdict: 'better' | 'worse' | 'undecided';
  /** The smallest true difference that such rows show four times in five. */
  readonly detectable: number;
}

/** Of more classes only the first and the last are shown in pictures. */
export const MOST_CLASSES = 60;

export interface SamplePicture {
  readonly label: number;
  readonly height: number;
  readonly width: number;
  /** RGB bytes, base64. */
  readonly rgb: string;
}

/** The classes and the sizes of the set. */
export interface ReportedDataset {
  readonly name: string;
  readonly classNames: readonly string[];
  /** n_c, shape [C]. */
  readonly trainCounts: readonly number[];
  /** Labels of each group's classes, as `classGroups` of @longtail/metrics returns them. */
  readonly groups: Readonly<Record<Group, readonly number[]>>;
  /** Of the training pictures; default: the sum of their counts. */
  readonly trainSize?: number;
  readonly testSize: number;
  /** Training pictures to show. */
  readonly samples?: readonly SamplePicture[];
}

/** What computed the numbers. */
export interface EngineName {
  readonly backend: string;
  readonly device: string;
  readonly version: string;
  /** What convolutions and matrix products were computed in, where it is not float32. */
  readonly autocast?: string;
}

/** What made the numbers: one process. */
export interface Provenance {
  /** When the process began, ISO 8601, UTC. */
  readonly date: string;
  readonly command: string;
  /** `1.2.0`, or in a checkout `1.2.0, commit 0123456789ab`, with `-dirty` where files are changed. */
  readonly longtail: string;
  readonly node: string;
  readonly engine: EngineName;
  /** What OMP_NUM_THREADS says, or the processors that the process may use. */
  readonly threads: number;
  /** That have shared the work, each with so many threads; absent: one. */
  readonly processes?: number;
  /** The processor's name, and how many of it there are. */
  readonly cpu: string;
  /** SHA-256 of each split; absent where no picture was looked at. */
  readonly pictures?: { readonly train: string; readonly validation?: string; readonly test: string };
}

/** The conditions of every row that are easily left unsaid. */
export interface Protocol {
  /** Of stage 1: a name, or the path of a module. The paper's claims are tested by `cross-entropy` alone. */
  readonly loss?: string;
  readonly groupRule?: string;
  readonly selectionSplit?: string;
  readonly epochRule?: 'last' | 'best';
  readonly batchNorm?: string;
  /** What was done to pictures for their features, such as `as they are`. */
  readonly evaluation?: string;
  /** What the recipe's own options have more of, such as `2 of 12 epochs`. */
  readonly shortened?: readonly string[];
  /** Pictures that could not be read and were left out: of a training epoch, or of all splits, whichever are more. */
  readonly skipped?: number;
  /** Every engine that had a part in it, where they are several. */
  readonly engines?: string;
}

export interface Results {
  /** The JSON Schema: `RESULTS_SCHEMA`, or where an editor finds a copy of it. */
  readonly $schema?: string;
  /** Of this form; default: 1. */
  readonly version?: typeof RESULTS_VERSION;
  /** The title: of the run, the experiment, the model. */
  readonly name: string;
  readonly dataset: ReportedDataset;
  readonly rows: readonly Row[];
  /** What was trained, whatever the seed: runs of one recipe and other seeds are pooled. */
  readonly recipe?: string;
  readonly seed?: number;
  readonly command?: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  readonly engine?: EngineName;
  readonly protocol?: Protocol;
  readonly history?: readonly EpochRecord[];
  readonly tauCurves?: readonly TauCurve[];
  readonly weightNorms?: readonly WeightNorms[];
  /** Paired, of the same test rows; absent where nobody has compared them. */
  readonly comparisons?: readonly Comparison[];
  readonly seconds?: number;
  /** Every process that had a part in it, in the order of their work. */
  readonly made?: readonly Provenance[];
  /** Test pictures of each class, shape [C]. */
  readonly testCounts?: readonly number[];
  /** What rows took for what. */
  readonly confusions?: readonly Confusion[];
  /** How far rows may be believed. */
  readonly reliability?: readonly Reliability[];
  /** Test pictures to show, with what rows took them for. */
  readonly answers?: readonly AnsweredPicture[];
  /** Pictures that heads were chosen on. */
  readonly selectionSize?: number;
  /** SHA-256, or the beginning of it, of what the numbers rest on, by a name such as `train pictures`. */
  readonly hashes?: Readonly<Record<string, string>>;
}

/** Of the form of results; raised when a reader of before could not read them. */
export const RESULTS_VERSION = 1;

/** The `$id` of the JSON Schema of this version, which is the package's schemas/results.json. */
export const RESULTS_SCHEMA: string = `urn:longtail:results:${RESULTS_VERSION}`;

/** Training pictures of a set. */
export const trainSizeOf = ({
  trainCounts,
  trainSize = trainCounts.reduce((sum, count) => sum + count, 0),
}: ReportedDataset): number => trainSize;

export function engineTitle({ backend, version, device, autocast }: EngineName): string {
  return `${backend} ${version} on ${device}${autocast ? ` in ${autocast}` : ''}`;
}
