/** What a run found: the content of `results.json`, the only input of the tables and the report. */
import type { Scores } from '@longtail/metrics';

export interface Row {
  /** How the representation was sampled in stage 1: `instance-balanced`, `class-balanced`, ... */
  readonly sampler: string;
  /** The classifier on it: `joint`, `ncm`, `crt`, `tau`, `lws`. */
  readonly classifier: string;
  /** What was chosen on the selection split, such as `{ tau: 0.7 }`. */
  readonly chosen: Readonly<Record<string, number>>;
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
  /** Pictures that could not be read and were left out; absent in runs of before. */
  readonly skipped?: number;
  readonly seconds: number;
}

export interface TauCurve {
  readonly sampler: string;
  readonly points: readonly { readonly tau: number; readonly scores: Scores }[];
}

/** ||w_c|| of one head, shape [C]. */
export interface WeightNorms {
  readonly sampler: string;
  readonly classifier: string;
  readonly norms: readonly number[];
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

/** The content of `dataset.json`. */
export interface DatasetRecord {
  readonly name: string;
  readonly classNames: readonly string[];
  /** n_c, shape [C]. */
  readonly trainCounts: readonly number[];
  readonly trainSize: number;
  readonly testSize: number;
  /** Whether there is a validation set to choose on. */
  readonly validation: boolean;
  readonly samples: readonly SamplePicture[];
}

/** What computed the numbers. */
export interface EngineName {
  readonly backend: string;
  readonly device: string;
  readonly version: string;
  /** What convolutions and matrix products were computed in, where it is not float32. */
  readonly autocast?: string;
}

export function engineTitle({ backend, version, device, autocast }: EngineName): string {
  return `${backend} ${version} on ${device}${autocast ? ` in ${autocast}` : ''}`;
}

export interface Results {
  readonly recipe: string;
  readonly seed: number;
  readonly command: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly engine: EngineName;
  /** Every row's conditions that are easily left unsaid. */
  readonly protocol: {
    /** Of stage 1: a name, or the path of a module. */
    readonly loss: string;
    readonly groupRule: string;
    readonly selectionSplit: string;
    readonly epochRule: 'last' | 'best';
    readonly batchNorm: string;
    /** What was done to pictures for their features, such as `as they are`; absent in runs of before. */
    readonly evaluation?: string;
    /** Pictures that could not be read and were left out: of a training epoch at most, and of the features' sets. */
    readonly skipped: number;
  };
  readonly dataset: Omit<DatasetRecord, 'validation'>;
  readonly rows: readonly Row[];
  readonly history: readonly EpochRecord[];
  readonly tauCurves: readonly TauCurve[];
  readonly weightNorms: readonly WeightNorms[];
  readonly seconds: number;
}
