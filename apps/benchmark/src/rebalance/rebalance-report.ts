/** What `longtail rebalance` prints. */
import { extent } from '@longtail/core';
import { imbalanceFactor } from '@longtail/metrics';
import { percent } from '@longtail/report/results';
import { type EngineName, engineTitle } from '../results.ts';
import { REFERENCE } from './heads.ts';
import { leaderboardText } from './leaderboard-text.ts';
import type { Rebalanced } from './rebalance.ts';
import type { FeaturesFrom, Select } from './selection.ts';
import type { Slice } from './slices.ts';

export interface About {
  readonly command: string;
  readonly features: string;
  readonly featuresFrom: FeaturesFrom;
  /** As it was asked for. */
  readonly select?: Select | undefined;
  readonly prior: string;
  readonly seed: number;
  readonly seeds: number;
  readonly engine: EngineName;
  readonly seconds: number;
}

const count = (n: number): string => n.toLocaleString('en');

function partsLine({ parts }: Rebalanced): string {
  const { train, validation, test, classNames, counts } = parts;
  const rows = [
    `${count(train.labels.length)} training rows`,
    ...(validation ? [`${count(validation.labels.length)} of validation`] : []),
    ...(test ? [`${count(test.labels.length)} of test`] : []),
  ];
  return `${rows.join(', ')}; ${count(train.dim)} numbers a row; ${count(classNames.length)} classes, imbalance ${imbalanceFactor(counts).toFixed(1)}`;
}

/** The reference and the recommended head; the JSON and the page have all. */
function slicesText({ slices, recommended }: Rebalanced): string[] {
  if (slices.length === 0) return [];
  const heads = [...new Set([REFERENCE, recommended.head])];
  const label = ({ column, value }: Slice): string => `${column} = ${value}`.slice(0, 48);
  const longest = extent(slices.map((slice) => label(slice).length))[1] + 2;
  const line = (slice: Slice): string =>
    `${label(slice).padEnd(longest)}${count(slice.rows).padStart(8)}${slice.isSmall ? ' !' : '  '}${heads.map((head) => percent(slice.accuracy[head]).padStart(head.length + 2)).join('')}`;
  const title = `${'accuracy by slice, %'.padEnd(longest)}${'rows'.padStart(8)}  ${heads.map((head) => `  ${head}`).join('')}`;
  const small = slices.some(({ isSmall }) => isSmall) ? ['! fewer than 30 rows'] : [];
  return [[title, ...slices.map(line), ...small].join('\n')];
}

/** @param options.width columns of the terminal */
export function rebalanceText(
  found: Rebalanced,
  about: About,
  { width }: { width?: number | undefined } = {},
): string {
  const { board, recommended, notes } = found;
  const { scores } = board.entries[0]!;
  return [
    [partsLine(found), ...notes.map((note) => `- ${note}`)].join('\n'),
    leaderboardText(board, recommended, {
      width,
      conditions: [
        `groups ${scores.groupRule} · features ${about.featuresFrom} · prior ${about.prior} · seed ${about.seed}${about.seeds > 1 ? ` to ${about.seed + about.seeds - 1}` : ''} · ${engineTitle(about.engine)} · ${about.seconds.toFixed(1)} s`,
        `bal.: the mean of the classes’ accuracies · points: of ${board.metric === 'all' ? 'all rows' : 'balanced accuracy'}, on the same ${count(board.testedRows)} rows${about.seeds > 1 && about.seeds < 5 ? ', of the first seed' : ''} (2000 stratified draws; verdicts by Holm over the heads)`,
        'The head is recommended by the rows that it was tested on, so its score flatters a little.',
      ],
    }),
    ...slicesText(found),
  ].join('\n\n');
}

/** One document: numbers as they are, accuracies in 0..1. */
export function rebalanceJson(found: Rebalanced, about: About): object {
  const { parts, findings, suspects, notes, board, slices, recommended, saved } = found;
  const { train, validation, test, classNames, counts, absent } = parts;
  const { how, reason, isWarning } = board.selection;
  return {
    schema: 'longtail.rebalance/1',
    ...about,
    rows: {
      train: train.labels.length,
      validation: validation?.labels.length ?? 0,
      test: test?.labels.length ?? 0,
      tested: board.testedRows,
    },
    dim: train.dim,
    classes: { names: classNames, counts: [...counts], absent },
    audit: { notes, findings, ...(suspects && { wrongLabels: suspects.labels, outliers: suspects.far }) },
    testedOn: board.testedOn,
    metric: board.metric,
    selection: { how, reason, isWarning },
    heads: board.entries,
    leftOut: board.leftOut,
    slices,
    recommended,
    ...(saved !== undefined && { saved }),
  };
}
