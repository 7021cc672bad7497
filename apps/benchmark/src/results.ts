/** What a run found: the content of `results.json`, which the tables and the report are made of. */
import {
  type EngineName,
  engineTitle,
  type Results as Reported,
  type ReportedDataset,
} from '@longtail/report/results';
import type { Fingerprints } from './data-fingerprint.ts';
import type { Stamp } from './run-stamp.ts';
import type { IndexedPicture } from './sample-pictures.ts';

export type { EngineName, Row, TauCurve, WeightNorms } from '@longtail/report/results';
export { engineTitle } from '@longtail/report/results';

/** The content of `dataset.json`. */
export interface DatasetRecord extends Omit<Required<ReportedDataset>, 'groups'> {
  /** Whether there is a validation set to choose on. */
  readonly validation: boolean;
  readonly fingerprints: Fingerprints;
  /** Test pictures of the tail; absent in runs of before. */
  readonly testSamples?: readonly IndexedPicture[];
}

export interface Results extends Reported {
  readonly recipe: string;
  readonly engine: EngineName;
  readonly dataset: ReportedDataset & { readonly fingerprints: Fingerprints };
  /** By sampler: what its numbers were computed from. */
  readonly stamps: Readonly<Record<string, Stamp>>;
}

/** Of the training, and of later stages where another one computed them. */
export function enginesTitle(engine: EngineName, stamps: Results['stamps']): string {
  const [stamp] = Object.values(stamps);
  const others = (['extract', 'classify'] as const).flatMap((stage) => {
    const { backend, device, autocast } = stamp?.[stage] ?? {};
    const isSame = backend === engine.backend && device === engine.device;
    if (backend === undefined || (isSame && autocast === (engine.autocast ?? 'none'))) return [];
    const what = stage === 'extract' ? 'features' : 'classifiers';
    return [`${what} by ${backend} on ${device}${autocast === 'none' ? '' : ` in ${autocast}`}`];
  });
  return [engineTitle(engine), ...others].join(', ');
}
