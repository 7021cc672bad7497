/** The leaderboard in the terminal. */
import { extent } from '@longtail/core';
import { EMPTY, percent, points } from '@longtail/report/results';
import { plainTable } from '../text/plain-table.ts';
import type { Entry, Leaderboard } from './leaderboard.ts';
import type { Recommendation } from './recommend.ts';

const shortly = (seconds: number): string => `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0)} s`;
const size = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** `C 1`; `C 1/10` where the folds differ. */
function settingsText({ settings, select }: Entry): string {
  const names = Object.keys(settings[0]!);
  const values = (name: string): string =>
    [...new Set(settings.map((each) => +each[name]!.toPrecision(4)))].join('/');
  const text = names.map((name) => `${name} ${values(name)}`).join(', ');
  return `${text || 'nothing to choose'} (${select})`;
}

/** What each seed gave, of heads that are drawn. */
function seedsText({ entries, metric }: Leaderboard, width: number): string[] {
  const drawn = entries.filter(({ seeds }) => seeds.length > 1);
  if (drawn.length === 0) return [];
  const name = metric === 'all' ? 'accuracy' : 'balanced accuracy';
  return [
    `${name} by seed ${drawn[0]!.seeds.map(({ seed }) => seed).join(', ')}; the tables have their mean:`,
    ...drawn.map(
      (one) => one.name.padEnd(width) + one.seeds.map(({ scores }) => percent(scores[metric])).join('  '),
    ),
  ];
}

/** @param options.conditions what the numbers depend on, a line each; width: columns of the terminal */
export function leaderboardText(
  board: Leaderboard,
  { head, why }: Recommendation,
  { conditions, width }: { conditions: readonly string[]; width?: number | undefined },
): string {
  const names = ['many', 'medium', 'few', 'all', 'worst', 'bal.', 'F1', 'ECE'];
  const scores = plainTable(['accuracy in %', ...names], { widths: [19, 7], least: [12, 6], width });
  const cost = ['points', 'from', 'to', 'verdict', 'fit', 'predict'];
  const compared = plainTable(['to logistic, 95 %', ...cost, 'size'], {
    widths: [19, 9],
    least: [12, 8],
    width,
  });
  for (const entry of board.entries) {
    const { many, medium, few, all, meanOfClasses, macroF1 } = entry.scores;
    const cells = [many, medium, few, all, entry.worstClass, meanOfClasses, macroF1, entry.ece];
    scores.push([`${entry.name}${entry.name === head ? ' *' : ''}`, ...cells.map(percent)]);
    const { difference, low, high, verdict } = entry.comparison;
    const isReference = entry.name === 'logistic';
    const gaps = isReference
      ? [EMPTY, EMPTY, EMPTY, EMPTY]
      : [...[difference, low, high].map(points), verdict];
    const costs = [shortly(entry.fitSeconds), shortly(entry.predictSeconds), size(entry.bytes)];
    compared.push([entry.name, ...gaps, ...costs]);
  }
  const longest = extent(board.entries.map(({ name }) => name.length))[1] + 2;
  const chosen = board.entries.map((entry) => `${entry.name.padEnd(longest)}${settingsText(entry)}`);
  const { reason, isWarning } = board.selection;
  const seeds = seedsText(board, longest);
  return [
    scores.toString(),
    compared.toString(),
    [`hyper-parameters: ${isWarning ? 'warning: ' : ''}${reason}`, ...chosen].join('\n'),
    ...(seeds.length > 0 ? [seeds.join('\n')] : []),
    ...(board.leftOut.length > 0
      ? [board.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`).join('\n')]
      : []),
    conditions.join('\n'),
    `* ${why}`,
  ].join('\n\n');
}
