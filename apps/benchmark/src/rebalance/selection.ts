/** On which rows hyper-parameters are chosen: never the test rows, and never rows that the backbone was trained on. */
import { UsageError } from '@longtail/core';
import { isLong } from './long-fits.ts';
import type { Part } from './part.ts';
import { type Pair, stratifiedFolds } from './stratified-folds.ts';

export type FeaturesFrom = 'trained' | 'foreign';

/** What can be asked for; what comes of it is one of the same. */
export type Select = 'val' | 'train-folds' | 'default';

export interface Selection {
  readonly how: Select;
  /** In a sentence. */
  readonly reason: string;
  /** Whether there were rows to choose by, but too few. */
  readonly isWarning: boolean;
  /** What is fitted and what is held out to choose by; none of 'default'. */
  readonly pairs: readonly Pair[];
  /** The same to calibrate by, for which there may be enough where there is not to choose. */
  readonly heldOut: readonly Pair[];
}

/** Fewer rows a class choose a worse value than a fixed one. */
const LEAST_ROWS = 50;
/** Of which each but one is fitted; of two, where fits are long, the half. */
const foldsOf = ({ labels, dim }: Part, numClasses: number): number =>
  isLong([labels.length, dim], numClasses) ? 2 : 3;
/** Held-out rows beyond which another fold tells little more, and takes as long again. */
const ENOUGH_HELD = 5000;

interface SelectionOptions {
  readonly validation: Part | undefined;
  readonly featuresFrom: FeaturesFrom;
  readonly numClasses: number;
  readonly seed: number;
  /** Default: 'val' where there are such rows, else 'train-folds' of foreign features, else 'default'. */
  readonly select?: Select | undefined;
}

const SEEN =
  'the backbone was trained on the training rows, which then look easier than others, so nothing is chosen by folds of them';

/** @throws UsageError where what is asked for cannot be */
export function checkSelect(
  select: Select | undefined,
  { hasValidation, featuresFrom }: { hasValidation: boolean; featuresFrom: FeaturesFrom },
): void {
  if (select === 'val' && !hasValidation)
    throw new UsageError(
      '--select val chooses on validation rows, but there are none; mark some in a column split, or leave --select out.',
    );
  if (select === 'train-folds' && featuresFrom === 'trained')
    throw new UsageError(`--select train-folds is refused: ${SEEN}; give validation rows, or take default.`);
}

/** As many of the folds as hold enough rows. */
function folds(train: Part, { numClasses, seed }: SelectionOptions): Pair[] {
  const count = foldsOf(train, numClasses);
  const wanted = Math.ceil((count * ENOUGH_HELD) / train.labels.length);
  return stratifiedFolds(train, { folds: count, seed, numClasses }).slice(0, wanted);
}

const fixed = (reason: string, heldOut: readonly Pair[], isWarning = false): Selection => ({
  ...{ how: 'default', reason, isWarning, pairs: [], heldOut },
});

export function selectionOf(train: Part, options: SelectionOptions): Selection {
  const { validation, featuresFrom, numClasses, select } = options;
  const isFolds = select === 'train-folds' || !validation;
  if (isFolds && featuresFrom === 'trained')
    return fixed(
      select === 'default' ? 'as --select default says.' : `${SEEN}; give validation rows to choose.`,
      [],
    );
  const heldOut = isFolds ? folds(train, options) : [{ fit: train, held: validation }];
  if (select === 'default') return fixed('as --select default says.', heldOut);
  const rows = Math.floor((isFolds ? train : validation).labels.length / numClasses);
  const source = isFolds ? 'training rows, by folds,' : 'validation rows';
  if (rows < LEAST_ROWS)
    return fixed(
      `${rows} ${source} a class are fewer than ${LEAST_ROWS}, by which a choice is worse than the defaults.`,
      heldOut,
      true,
    );
  return isFolds
    ? {
        how: 'train-folds',
        reason: `chosen by ${heldOut.length} of ${foldsOf(train, numClasses)} folds of the training rows.`,
        ...{ isWarning: false, pairs: heldOut, heldOut },
      }
    : { how: 'val', reason: 'chosen on the validation rows.', isWarning: false, pairs: heldOut, heldOut };
}
