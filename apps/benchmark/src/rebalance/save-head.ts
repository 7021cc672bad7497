/** The recommended head, or another, fitted on all training rows and written with all that a prediction needs. */
import { writeWhole } from '@longtail/formats/whole-file';
import { encodeClassifier } from '@longtail/heads';
import { type Thresholds, thresholdsOf } from './conformal-thresholds.ts';
import type { Fitted } from './fit-context.ts';
import type { HeadRow } from './heads.ts';
import { joinedPredictions, predictions } from './held-out-predictions.ts';
import type { KnownParts } from './known-classes.ts';
import type { LeaderboardOptions } from './leaderboard.ts';
import type { Selection } from './selection.ts';
import type { Pair } from './stratified-folds.ts';
import { classifierOf, contextOf, reasonOf } from './try-heads.ts';

interface SavingOptions extends LeaderboardOptions {
  readonly command: string;
}

/** Of rows that are held out; none where the backbone saw all that there are. */
async function calibration(
  row: HeadRow,
  pairs: readonly Pair[],
  parts: KnownParts,
  options: LeaderboardOptions,
): Promise<Thresholds | undefined> {
  if (pairs.length === 0) return undefined;
  const all = [];
  for (const { fit, held } of pairs) {
    const context = contextOf(fit, parts, options);
    try {
      const made = classifierOf(await row.fit(context), context, parts);
      all.push(predictions(made, held));
      made.dispose();
    } finally {
      context.dispose();
    }
  }
  return thresholdsOf(joinedPredictions(all).ofTruth);
}

/** What the file says of how the head came about. */
const aboutOf = (
  { name, learns }: HeadRow,
  fitted: Fitted,
  selection: Selection,
  { featuresFrom, seed, command }: SavingOptions,
): Record<string, unknown> => ({
  ...{ by: command, head: name, learns, featuresFrom, seed, settings: fitted.settings },
  ...{ select: fitted.select, selectReason: reasonOf(fitted, selection) },
});

/** @param file written whole or not at all @throws InputError for a head that no file holds */
export async function saveHead(
  file: string,
  row: HeadRow,
  parts: KnownParts,
  options: SavingOptions,
): Promise<void> {
  const { train } = parts;
  const context = contextOf(train, parts, options);
  try {
    const fitted = await row.fit(context);
    try {
      encodeClassifier(classifierOf(fitted, context, parts)); // refused before more is computed
      const conformal = await calibration(row, context.selection.heldOut, parts, options);
      const about = {
        ...aboutOf(row, fitted, context.selection, options),
        rows: train.labels.length,
        columns: parts.columns,
      };
      const made = classifierOf(fitted, context, parts, { ...about, ...(conformal && { conformal }) });
      await writeWhole(file, encodeClassifier(made));
    } finally {
      fitted.parts.head.dispose();
    }
  } finally {
    context.dispose();
  }
}
