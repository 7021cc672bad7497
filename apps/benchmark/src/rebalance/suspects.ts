/** Rows to look at: likely wrong labels and outliers, with the rules that found them. */
import type { KnownParts } from './known-classes.ts';
import { OUTLIER_RULE, type Outlier, outliers } from './outliers.ts';
import type { FeaturesFrom } from './selection.ts';
import { WRONG_LABEL_RULE, type WrongLabel, wrongLabels } from './wrong-labels.ts';

export interface Suspects {
  readonly labels: readonly WrongLabel[];
  readonly far: readonly Outlier[];
  readonly notes: readonly string[];
}

/** Probabilities of all rows: 1 GiB. */
const MOST_VALUES = 2 ** 28;

const counted = (all: readonly { readonly part: string }[]): string =>
  ['train', 'validation', 'test']
    .map((name) => [name, all.filter(({ part }) => part === name).length] as const)
    .flatMap(([name, n]) => (n > 0 ? [`${n} of ${name}`] : []))
    .join(', ') || 'none';

export async function suspectsOf(
  parts: KnownParts,
  { seed, featuresFrom }: { seed: number; featuresFrom: FeaturesFrom },
): Promise<Suspects> {
  const isTooMuch = parts.train.labels.length * parts.classNames.length > MOST_VALUES;
  const labels = isTooMuch ? [] : await wrongLabels(parts, { seed, featuresFrom });
  const far = outliers(parts);
  const seen =
    featuresFrom === 'trained'
      ? ' The backbone has learned the labels of the training rows, right or wrong, so that few of them look wrong.'
      : '';
  return {
    ...{ labels, far },
    notes: [
      isTooMuch
        ? 'wrong labels were not looked for: rows times classes are more than 268 million.'
        : `rows whose label is likely wrong: ${counted(labels)} (${WRONG_LABEL_RULE})${seen}`,
      `rows far from every class: ${counted(far)} (${OUTLIER_RULE})`,
    ],
  };
}
