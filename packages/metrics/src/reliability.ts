/**
 * Reliability bins: rows by their confidence, B bins (i / B, (i + 1) / B] of equal width, and what is made from them:
 * ECE = sum_b n_b / N |acc_b - conf_b|, MCE = max_b |acc_b - conf_b| (Naeini et al., 2015; Guo et al., 2017).
 */

/** Of the rows of one bin; null where it has none. */
export interface ReliabilityBin {
  /** Confidence above `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly accuracy: number | null;
  readonly confidence: number | null;
}

/** The bin of a probability; 0 is in the first. */
export function binOf(probability: number, bins: number): number {
  if (probability <= 1 / bins) return 0;
  let bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
  // The product rounds: the bounds themselves decide.
  while (bin > 0 && probability <= bin / bins) bin -= 1;
  while (bin < bins - 1 && probability > (bin + 1) / bins) bin += 1;
  return bin;
}

/** The bin of `count` rows from the sums of their hits and confidences. */
export function reliabilityBin(
  { count, hits, confidence }: { count: number; hits: number; confidence: number },
  { from, to }: { from: number; to: number },
): ReliabilityBin {
  const share = (sum: number) => (count > 0 ? sum / count : null);
  return { from, to, count, accuracy: share(hits), confidence: share(confidence) };
}

/** ECE and MCE. */
export function calibrationErrors(bins: readonly ReliabilityBin[]): { ece: number; mce: number } {
  const rows = bins.reduce((so, { count }) => so + count, 0);
  let [ece, mce] = [0, 0];
  for (const { count, accuracy, confidence } of bins)
    if (accuracy !== null && confidence !== null) {
      const gap = Math.abs(accuracy - confidence);
      ece += (count / rows) * gap;
      mce = Math.max(mce, gap);
    }
  return { ece, mce };
}
