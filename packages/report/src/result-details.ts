/** What results may hold beside the scores: what was taken for what, how far rows may be believed, pictures with their answers. */
import type { Group, SamplePicture } from './results.ts';

/** Which row of the table is meant. */
export interface RowName {
  readonly sampler: string;
  readonly classifier: string;
}

/** What the test pictures of one group were taken for; counts of pictures. */
export interface GroupConfusion {
  readonly group: Group;
  /** Taken for what they are. */
  readonly right: number;
  /** Taken for another class, by the group of that one. */
  readonly wrong: Readonly<Record<Group, number>>;
}

/** Two classes of which one was taken for the other; `confusedPairs` of @longtail/metrics fits. */
export interface ConfusedPair {
  readonly truth: number;
  readonly prediction: number;
  readonly count: number;
  /** Of the true class's test pictures, 0..1. */
  readonly share: number;
}

export interface Confusion extends RowName {
  readonly groups: readonly GroupConfusion[];
  /** The most confused first. */
  readonly pairs: readonly ConfusedPair[];
}

/** Pictures of confidence above `from`, up to `to`; accuracy and mean confidence are null where there are none. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly accuracy: number | null;
  readonly confidence: number | null;
}

export interface Reliability extends RowName {
  readonly group: Group | 'all';
  /** The expected calibration error, 0..1. */
  readonly ece: number;
  readonly bins: readonly ReliabilityBin[];
}

export interface AnsweredPicture extends SamplePicture {
  readonly answers: readonly (RowName & { readonly prediction: number })[];
}
