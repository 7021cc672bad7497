/** The conditions of a run's numbers, each easily left unsaid. */
import { classifierName } from './format.ts';
import { engineTitle, type Results, type Row } from './results.ts';

/** Of classifiers that learned from something else than the others. */
function ownProtocols(rows: readonly Row[], others: string | undefined): string[] {
  const own = rows.filter(({ protocol }) => protocol !== undefined && protocol !== others);
  return [...new Set(own.map(({ classifier, protocol }) => `${classifierName(classifier)} ${protocol}`))];
}

/**
 * @returns a few words each, in the order of a caption; of what the results do not say, none
 * @example
 * conditions(results).join(' · '); // 'loss cross-entropy · groups official · chosen on validation · ...'
 */
export function conditions({ protocol = {}, engine, seed, rows }: Results): string[] {
  const { loss, groupRule, selectionSplit, epochRule, batchNorm, evaluation, skipped } = protocol;
  const engines = protocol.engines ?? (engine && engineTitle(engine));
  return [
    loss && `loss ${loss}`,
    groupRule && `groups ${groupRule}`,
    selectionSplit && `chosen on ${selectionSplit}`,
    epochRule && `${epochRule} epoch`,
    batchNorm && `batch norm ${batchNorm}`,
    ...ownProtocols(rows, batchNorm),
    evaluation && `pictures ${evaluation}`,
    skipped && `${skipped} pictures left out`,
    seed !== undefined && `seed ${seed}`,
    engines,
  ].filter((condition) => typeof condition === 'string' && condition !== '') as string[];
}
