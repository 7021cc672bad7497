/** The long tail itself: training pictures of each class, on a logarithmic scale, coloured by group. */
import { type Drawing, panel } from '../chart.ts';
import { type ClassSizes, type RankedClass, rankedClasses } from '../classes.ts';
import { GROUP_COLORS } from '../colors.ts';
import { figure } from '../figure.ts';
import { counted } from '../format.ts';
import type { Markup } from '../markup.ts';
import { GROUPS } from '../results.ts';
import { rankAxis } from './class-rank.ts';
import { logTicks } from './log-ticks.ts';

/** A skyline: each group is one area from the left edge of its first class to the right edge of its last. */
function skyline(classes: readonly RankedClass[], floor: number) {
  return GROUPS.flatMap((group) => {
    const own = classes.filter((one) => one.group === group);
    const edges = own.map(({ rank, count }) => ({ rank: rank - 0.5, count: Math.max(count, floor), group }));
    return edges.length > 0 ? [...edges, { ...edges.at(-1)!, rank: own.at(-1)!.rank + 0.5 }] : [];
  });
}

/** The drawing, and the same in words. */
export function countsDrawing(sizes: ClassSizes): { drawing: Drawing; alt: string } {
  const classes = rankedClasses(sizes);
  const largest = Math.max(classes[0]?.count ?? 1, 2);
  const floor = Math.max(classes.at(-1)?.count ?? 1, 1) / 2;
  const range = GROUPS.map((group) => GROUP_COLORS[group]);
  const drawing = {
    data: { values: skyline(classes, floor) },
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
      color: { field: 'group', legend: null, scale: { domain: GROUPS, range } },
    },
  };
  const alt = `Training pictures of ${classes.length} classes, falling from ${largest} to ${classes.at(-1)?.count ?? 0}.`;
  return { drawing, alt };
}

function sentence(classes: readonly RankedClass[]): string {
  const [most, least] = [classes[0]!, classes.at(-1)!];
  const ratio = least.count > 0 ? ` (${Math.round(most.count / least.count)}:1)` : '';
  const sizes = GROUPS.map((group) => `${classes.filter((one) => one.group === group).length} ${group}-shot`);
  return `The largest class has ${counted(most.count, 'training picture', 'training pictures')} and the smallest ${least.count.toLocaleString('en')}${ratio}; the classes are ${sizes.join(', ')}.`;
}

export async function classCounts(sizes: ClassSizes): Promise<Markup> {
  const classes = rankedClasses(sizes);
  const { drawing, alt } = countsDrawing(sizes);
  const groups = GROUPS.filter((group) => classes.some((one) => one.group === group));
  return figure(await panel('Training pictures per class (log scale)', alt, drawing), {
    name: 'The long tail',
    sentence: sentence(classes),
    series: groups.map((group) => ({ name: `${group}-shot`, color: GROUP_COLORS[group], sign: '■' })),
    file: 'classes',
    rows: classes.map(({ rank, name, group, count }) => ({ rank, class: name, group, count })),
  });
}
