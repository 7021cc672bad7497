/**
 * What cRT and LWS learn from, `--set features=...`. The published code sees augmented crops through the frozen backbone in every
 * epoch of stage 2, in training mode: batch norms normalise by the batch, and their running statistics go on moving. That is 'live'.
 */

import type { NamedArray } from '@longtail/formats';
import type { FeatureBatches } from '@longtail/heads';
import type { Features } from './extract-features.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { retrainedNames } from './retrained-parts.ts';

/** `cached`: once, without augmentation. `views=4`: epoch e on augmented pass e mod 4. `live`: a pass of its own for every epoch. */
export type HeadFeatures = 'cached' | `views=${number}` | 'live' | 'live-frozen';

export const HEAD_FEATURES: RegExp = /^(cached|live|live-frozen|views=[1-9]\d{0,2})$/;
export const HEAD_FEATURES_RANGE = 'one of cached, views=K with K from 1 to 999, live, live-frozen';

/** Of anything but `cached`. */
export interface Learned {
  /** Epoch by epoch, what cRT and LWS learn from. */
  readonly batches: FeatureBatches;
  /** The test pictures as the backbone sees them after stage 2, where that is not as before. */
  readonly test?: Features;
  /** The running statistics that moved, by the backbone's names; else none. */
  readonly statistics: ReadonlyMap<string, NamedArray>;
  /** That earlier tries took for what is used again. */
  readonly seconds: number;
  /** Nothing can be learned afterwards. */
  readonly close: () => void;
}

type Asked = Pick<RecipeOptions, 'features' | 'headEpochs'>;

export const isLive = ({ features }: Pick<RecipeOptions, 'features'>): boolean => features.startsWith('live');
export const isMoving = ({ features }: Pick<RecipeOptions, 'features'>): boolean => features === 'live';

/** Augmented passes over the training pictures that stage 2 makes; cRT and LWS share them, and 0 needs no picture. */
export function passesOf({ features, headEpochs }: Asked): number {
  if (features === 'cached') return 0;
  return isLive({ features }) ? headEpochs : Number(features.slice('views='.length));
}

/** Whether stage 2 sees any. */
export const wantsPictures = (options: Asked & Pick<RecipeOptions, 'retrain'>): boolean =>
  passesOf(options) > 0 || retrainedNames(options).length > 0;

/** Those that lie on the disk at once: views stay, and those of an epoch are removed with each network's last one. */
export const passesOnDisk = (options: Asked, { networks }: { networks: number }): number =>
  passesOf(options) * (isLive(options) ? 1 : networks);

/** The protocol in words, as tables, report and results.json name it. */
export function headFeaturesText({ features }: Pick<RecipeOptions, 'features'>): string {
  const frozen = 'batch-norm statistics frozen';
  if (features === 'cached') return `stage 2 on features cached once, without augmentation, ${frozen}`;
  if (features === 'live')
    return 'stage 2 live, on augmented pictures of its own each epoch, batch-norm statistics moving';
  if (features === 'live-frozen')
    return `stage 2 live-frozen, on augmented pictures of its own each epoch, ${frozen}`;
  return `stage 2 on ${features}, augmented passes cached and taken in turn, ${frozen}`;
}
