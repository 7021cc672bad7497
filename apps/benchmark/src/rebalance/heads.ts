/** The heads of the leaderboard, one a row: another is a function and a line. */
import { UsageError } from '@longtail/core';
import { didYouMean } from '../did-you-mean.ts';
import type { FitContext, Fitted, Settings } from './fit-context.ts';
import { DIS_ALIGN, LOS, LWS, MARC, MAX_NORM, MISLAS, TAU_EXPERTS, TDE } from './rows/from-base.ts';
import { fitBalanced, fitJoint, fitLogistic, fitMoved } from './rows/logistic.ts';
import {
  BALANCED_SOFTMAX,
  CLASS_BALANCED,
  COSINE,
  CRT,
  FOCAL,
  LDAM,
  LOGIT_ADJUSTED,
  TAIL_CALIB,
} from './rows/new-heads.ts';
import { fitBy, type Recipe } from './rows/recipe.ts';
import { fitTau } from './rows/tau.ts';
import { FECAM, KNN, LDA, NCM, RANPAC, RIDGE } from './rows/unlearned.ts';

/** @param again settings that were chosen before, by another seed */
type Fit = (context: FitContext, again?: Settings) => Promise<Fitted>;

/** What scores refer to, and so whether `predict --prior` can move them: 'rows', as the training rows are. */
type Learns = 'rows' | 'balanced' | 'none';

export interface HeadRow {
  readonly name: string;
  readonly note: string;
  readonly learns: Learns;
  /** Whether it is there unless others are named. */
  readonly isDefault: boolean;
  /** Whether it depends on the seed: by its draws of rows, or its first weights. */
  readonly isDrawn: boolean;
  readonly fit: Fit;
}

/** What all others are compared with. */
export const REFERENCE = 'logistic';

const row =
  (isDefault: boolean, isDrawn: boolean) =>
  (name: string, learns: Learns, note: string, how: Fit | Recipe): HeadRow => ({
    ...{ name, note, learns, isDefault, isDrawn },
    fit: typeof how === 'function' ? how : fitBy(how),
  });

const [fixed, drawn] = [row(true, false), row(true, true)];
const [moreFixed, moreDrawn] = [row(false, false), row(false, true)];

const HEADS: readonly HeadRow[] = [
  fixed(REFERENCE, 'rows', 'plain logistic regression', fitLogistic),
  fixed('logistic-prior', 'rows', 'the same, its prior moved afterwards', fitMoved),
  fixed('logistic-balanced', 'balanced', 'the same, rows weighted by class', fitBalanced),
  fixed('ncm', 'none', 'nearest class mean, centred and L2-normalised', NCM),
  fixed('lda', 'none', 'Gaussians of one covariance, the mean of the classes’', LDA),
  fixed('ridge', 'none', 'ridge regression to one-hot labels, rows weighted by class', RIDGE),
  drawn('crt', 'balanced', 'a new linear head on class-balanced draws', CRT),
  drawn('lws', 'balanced', 'the linear head, a scale a class learned', LWS),
  fixed('tau', 'none', 'the linear head, rows divided by their norm^tau', fitTau),
  drawn('balanced-softmax', 'balanced', 'a new linear head, log n_c added in training', BALANCED_SOFTMAX),
  drawn('cosine', 'balanced', 'a cosine head by the logit-adjusted loss', COSINE),
  drawn('marc', 'balanced', 'the linear head, margins learned (MARC)', MARC),
  moreFixed('knn', 'none', 'nearest rows vote, by n_c^-0.75', KNN),
  moreFixed('fecam', 'none', 'Gaussians of a covariance each (FeCAM)', FECAM),
  moreDrawn('ranpac', 'none', 'ridge behind random neurons (RanPAC), rows weighted by class', RANPAC),
  moreDrawn('dis-align', 'balanced', 'the linear head, calibrated by its confidence (DisAlign)', DIS_ALIGN),
  moreDrawn('mislas', 'balanced', 'LWS by label-aware smoothing (MiSLAS, stage 2)', MISLAS),
  moreDrawn('los', 'none', 'the linear head, trained on by labels all but even (LOS)', LOS),
  moreDrawn('max-norm', 'balanced', 'the linear head, rows cut back (MaxNorm) and strong decay', MAX_NORM),
  moreDrawn('logit-adjusted', 'balanced', 'as balanced-softmax, with tau log n_c', LOGIT_ADJUSTED),
  moreDrawn('ldam', 'none', 'a cosine head by margins of n_c^-1/4 (LDAM-DRW)', LDAM),
  moreDrawn('class-balanced', 'balanced', 'a new linear head by effective numbers', CLASS_BALANCED),
  moreDrawn('focal', 'none', 'a new linear head by the focal loss', FOCAL),
  moreDrawn('tde', 'none', 'a normalised head, the mean direction taken off (TDE)', TDE),
  moreDrawn('tail-calib', 'balanced', 'rare classes filled up by draws (TailCalib)', TAIL_CALIB),
  moreDrawn('tau-experts', 'balanced', 'linear heads of three priors, averaged', TAU_EXPERTS),
];

/** Where the backbone's own weight is given. */
const JOINT: HeadRow = fixed('joint', 'rows', "the backbone's own head", fitJoint);

/** Names of all but the joint head. */
export const headNames: readonly string[] = HEADS.map(({ name }) => name);

/** @param names comma-separated, or `all`; default: about a dozen @throws UsageError for a name that there is not */
export function chosenHeads(
  names: string | undefined,
  { hasJoint }: { hasJoint: boolean },
): readonly HeadRow[] {
  const all = hasJoint ? [...HEADS, JOINT] : HEADS;
  if (names === undefined) return all.filter(({ isDefault }) => isDefault);
  if (names === 'all') return all;
  const wanted = names.split(',').map((name) => name.trim());
  const known = all.map(({ name }) => name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `expected heads among ${known.join(', ')}, or all, but got "${unknown}"${didYouMean(unknown, known)}`,
    );
  return all.filter(({ name }) => name === REFERENCE || wanted.includes(name));
}
