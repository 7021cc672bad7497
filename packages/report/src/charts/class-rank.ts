/** The axis that the long-tail charts share: classes from head to tail, with the groups shaded behind. */
import type { Drawing } from '../chart.ts';
import type { RankedClass } from '../classes.ts';
import { GROUP_COLORS, MUTED } from '../colors.ts';
import { GROUPS } from '../results.ts';

export function rankAxis(classes: readonly RankedClass[]): Drawing {
  return {
    field: 'rank',
    type: 'quantitative',
    title: 'class, from head to tail',
    scale: { domain: [0.5, classes.length + 0.5], nice: false, zero: false },
    axis: { tickCount: 6, tickMinStep: 1, format: ',d' },
  };
}

/** A pale band with its name for every group that has classes. */
export function groupBands(classes: readonly RankedClass[]): Drawing[] {
  const bands = GROUPS.flatMap((group) => {
    const ranks = classes.filter((one) => one.group === group).map(({ rank }) => rank);
    return ranks.length > 0 ? [{ group, rank: ranks[0]! - 0.5, end: ranks.at(-1)! + 0.5 }] : [];
  });
  if (bands.length === 0) return [];
  const range = GROUPS.map((group) => GROUP_COLORS[group]);
  const fill = { field: 'group', legend: null, scale: { domain: GROUPS, range } };
  const x = rankAxis(classes);
  const shade = {
    data: { values: bands },
    mark: { type: 'rect', opacity: 0.12 },
    encoding: { x, x2: { field: 'end' }, y: { value: 0 }, y2: { value: 'height' }, fill },
  };
  // A band that is too narrow for its name goes without.
  const wide = bands.filter(({ rank, end }) => end - rank >= 0.12 * classes.length);
  const names = {
    data: { values: wide },
    mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 2, dy: -3, fontSize: 12, color: MUTED },
    encoding: { x, y: { value: 0 }, text: { field: 'group' } },
  };
  return [shade, names];
}
