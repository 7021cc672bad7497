/** The long tail itself: training pictures of each class, on a logarithmic scale, with the groups shaded. */
import { chart, GROUP_COLORS } from '../chart.ts';
import { type ClassSizes, GROUPS, rankedClasses } from '../classes.ts';
import type { Markup } from '../markup.ts';
import { rankAxis } from './class-rank.ts';

/** Powers of ten, with 2 and 5 between them where the range is short. */
function logTicks(from: number, to: number): number[] {
  const steps = to / from > 300 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: 8 }, (_, power) => steps.map((step) => step * 10 ** power)).flat();
  return ticks.filter((tick) => tick >= from && tick <= to);
}

export function classCounts(sizes: ClassSizes): Promise<Markup> {
  const classes = rankedClasses(sizes);
  const largest = Math.max(classes[0]?.count ?? 1, 2);
  const smallest = Math.max(classes.at(-1)?.count ?? 1, 1);
  const floor = smallest / 2;
  // A skyline: each group is one area from the left edge of its first class to the right edge of its last.
  const steps = GROUPS.flatMap((group) => {
    const own = classes.filter((one) => one.group === group);
    const edges = own.map(({ rank, count }) => ({ rank: rank - 0.5, count: Math.max(count, floor), group }));
    return edges.length > 0 ? [...edges, { ...edges.at(-1)!, rank: own.at(-1)!.rank + 0.5 }] : [];
  });
  const drawing = {
    data: { values: steps },
    mark: { type: 'area', interpolate: 'step-after' },
    encoding: {
      x: rankAxis(classes),
      y: {
        field: 'count',
        type: 'quantitative',
        title: null,
        scale: { type: 'log', domain: [floor, largest], nice: false },
        axis: { values: logTicks(floor, largest), format: ',d' },
      },
      y2: { datum: floor },
      color: {
        field: 'group',
        legend: null,
        scale: { domain: GROUPS, range: GROUPS.map((group) => GROUP_COLORS[group]) },
      },
    },
  };
  const alt = `Training pictures of ${classes.length} classes, falling from ${largest} to ${classes.at(-1)?.count ?? 0}.`;
  return chart('Training pictures per class (log scale)', alt, drawing);
}
