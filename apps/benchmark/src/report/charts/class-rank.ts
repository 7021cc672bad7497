/** The axis that the long-tail charts share: classes from head to tail, with the groups shaded behind. */
import { type Drawing, GROUP_COLORS } from '../chart.ts';
import { GROUPS, type RankedClass } from '../classes.ts';

export function rankAxis(classes: readonly RankedClass[]): Drawing {
  return {
    field: 'rank',
    type: 'quantitative',
    title: 'class, from most to fewest training pictures',
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
  return [
    {
      data: { values: bands },
      mark: { type: 'rect', opacity: 0.1 },
      encoding: {
        x: rankAxis(classes),
        x2: { field: 'end' },
        y: { value: 0 },
        y2: { value: 'height' },
        fill: {
          field: 'group',
          legend: null,
          scale: { domain: GROUPS, range: GROUPS.map((g) => GROUP_COLORS[g]) },
        },
      },
    },
  ];
}
