/** Why our numbers are expected to differ from the published ones: what of the run is otherwise, and which rows that concerns. */
import { trainSizeOf } from '@longtail/report/results';
import type { Recipe } from '../recipe.ts';
import { optionNames } from '../recipe-options.ts';
import type { Results } from '../results.ts';
import { withSettings } from '../settings.ts';
import type { PublishedNumbers, Variant } from './experiment.ts';
import { settingsOf } from './plan.ts';

export interface Reason {
  readonly recipe: string;
  /** Such as `all rows`, `cRT and LWS`. */
  readonly rows: string;
  readonly text: string;
}

const [ALL, STAGE_2] = ['all rows', 'cRT and LWS'];

/** Of the official code; Places-LT and iNaturalist 2018 as ImageNet-LT. */
const OFFICIAL = { lwsEpochs: 5, groupRule: 'official' } as const;

/** Of which less is said by the run itself; 0 pictures are all. */
const AMOUNTS = ['epochs', 'imagesPerEpoch', 'imagesPerSplit', 'headEpochs'] as const;

/** Said already, or without any part in the numbers. */
const NAMED_ELSEWHERE: readonly string[] = [...AMOUNTS, 'samplers', 'features'];
const OF_NO_NUMBER = ['onBadImage', 'pretrained', 'retrain'];

/** Options that are neither the recipe's own nor the variant's. */
function changed(recipe: Recipe, { options = {} }: Results, set: readonly string[]): string[] {
  const own = withSettings(recipe, set);
  return optionNames
    .filter((name) => ![...NAMED_ELSEWHERE, ...OF_NO_NUMBER].includes(name) && options[name] !== own[name])
    .map((name) => `${name} ${options[name]} instead of ${own[name]}`);
}

/** Amounts of which there is more than of the recipe's. */
function exceeded(recipe: Recipe, { options = {}, dataset }: Results, set: readonly string[]): string[] {
  const own = withSettings(recipe, set);
  const size = trainSizeOf(dataset);
  return AMOUNTS.flatMap((name) => {
    const all = name === 'imagesPerEpoch' ? size : Infinity;
    const amount = (value: number): number => Math.min(value || all, all);
    const done = Number(options[name] ?? own[name]);
    return amount(done) > amount(own[name]) ? [`${name} ${done || 'all'} instead of ${own[name]}`] : [];
  });
}

/** Of representations whose draw is not the official code's; docs/fidelity.md has them as well. */
const DRAWS: Readonly<Record<string, string>> = {
  'class-balanced':
    'each picture is drawn by itself, all classes equally often; there classes are gone through in turn, four pictures of each (ClassAwareSampler)',
  'progressively-balanced':
    't = e / E as in the paper, and pictures drawn; there t is 1 in the last epoch, and the pictures of a class are gone through in turn',
};

/**
 * @param results of one run: the others have the same options
 * @param of.published of the recipe; without any there is nothing to differ from
 */
export function reasonsOf(
  recipe: Recipe,
  results: Results,
  { published, variant }: { published: PublishedNumbers | undefined; variant: Variant },
): Reason[] {
  const { protocol, options } = results;
  const why = (rows: string, text: string): Reason => ({ recipe: recipe.name, rows, text });
  const { shortened = [] } = protocol ?? {};
  const cut = shortened.length > 0 ? [why(ALL, `it is cut short: ${shortened.join(', ')}`)] : [];
  if (!published) return cut;
  const set = settingsOf(variant);
  const theirs = [...published.rows.keys()];
  const areOf = (classifier: string): boolean => theirs.some((key) => key.split('/')[1] === classifier);
  const others = [...changed(recipe, results, set), ...exceeded(recipe, results, set)];
  return [
    ...cut,
    ...(others.length > 0 ? [why(ALL, `other options than the recipe's: ${others.join(', ')}`)] : []),
    why(
      ALL,
      `the last epoch is taken here, there the best one by ${published.epochBy ?? 'the validation pictures'}`,
    ),
    ...(options?.features === 'live' || !(areOf('crt') || areOf('lws'))
      ? []
      : [
          why(
            STAGE_2,
            `${protocol?.batchNorm ?? 'stage 2'} here; augmented pictures and moving statistics there`,
          ),
        ]),
    ...(options?.headEpochs === OFFICIAL.lwsEpochs || !areOf('lws')
      ? []
      : [why('LWS', `${options?.headEpochs} epochs here, ${OFFICIAL.lwsEpochs} there`)]),
    ...Object.entries(DRAWS)
      .filter(([name]) => theirs.some((key) => key.startsWith(`${name}/`)))
      .map(([name, text]) => why(`rows of ${name}`, text)),
    ...(published.batchSize && options?.batchSize && published.batchSize !== options.batchSize
      ? [why(ALL, `batches of ${options.batchSize} here, of ${published.batchSize} there`)]
      : []),
    ...(protocol?.groupRule === OFFICIAL.groupRule
      ? []
      : [
          why(
            'many, medium, few',
            `groups by the rule ${protocol?.groupRule} here, by ${OFFICIAL.groupRule} there`,
          ),
        ]),
    ...(protocol?.skipped
      ? [why(ALL, `${protocol.skipped} pictures could not be read and were left out`)]
      : []),
    why(ALL, 'another seed, decoder of pictures and library of kernels'),
  ];
}
