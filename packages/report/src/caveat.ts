/** What is to be known before a run's numbers are read as findings. */
import { percent } from './format.ts';
import type { Results, TauCurve } from './results.ts';

/** Share of pictures right from which on they are known by heart: of a thousand, the one that is wrong says nothing about tau. */
const BY_HEART = 0.999;

const bestSelection = ({ points }: TauCurve): number =>
  points.reduce((best, { selection = 0 }) => Math.max(best, selection), 0);

export function isCutShort({ protocol: { shortened = [] } = {} }: Results): boolean {
  return shortened.length > 0;
}

/** Without a validation set tau is chosen on training pictures, and a network that is right on all of them is so at every small tau. */
function chosenByHeart({ protocol: { selectionSplit = '' } = {}, tauCurves = [] }: Results): string {
  if (!selectionSplit.includes('training')) return '';
  const curves = tauCurves.filter((curve) => curve.points.length > 1 && bestSelection(curve) >= BY_HEART);
  if (curves.length === 0) return '';
  const names = curves.map((curve) => `${curve.sampler} ${percent(bestSelection(curve))} %`).join(', ');
  return `Tau was chosen on ${selectionSplit}, which these representations know by heart (right at the best tau: ${names}), so that small taus score alike there and the least of them is taken. A recipe with a validation set chooses on other pictures.`;
}

/** @returns sentences; '' where there is nothing to say */
export function caveat(results: Results): string {
  const { shortened = [] } = results.protocol ?? {};
  const cut = isCutShort(results)
    ? `This run is cut short: ${shortened.join(', ')}. Read what follows as a try of the command, not as findings.`
    : '';
  return [cut, chosenByHeart(results)].filter((sentence) => sentence !== '').join(' ');
}
