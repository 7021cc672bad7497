/** Figure 1 with seeds and published numbers, one a recipe: a panel a group, classifiers along x, representations as marks, each seed a dot. */

import {
  captionOf,
  colorScale,
  type Drawing,
  figure,
  panel,
  panels,
  type Series,
  samplerLook,
} from '@longtail/report/page-charts';
import type { Markup } from '@longtail/report/page-parts';
import { numberText } from './cell-text.ts';
import type { Column } from './experiment.ts';
import { recipeLabel } from './plan.ts';
import type { Reproduction } from './reproduction.ts';

const TITLES: Readonly<Record<string, string>> = {
  many: 'Many-shot',
  medium: 'Medium-shot',
  few: 'Few-shot',
  all: 'All classes',
};
const [OURS, SEED, THEIRS] = ['mean', 'seed', 'published'];
const PUBLISHED: Series = { name: 'published', color: 'var(--ink)', sign: '✕' };

interface Mark {
  readonly kind: string;
  readonly sampler: string;
  readonly classifier: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly title: string;
}

/** What is drawn of a column: means with their intervals, seeds, published numbers. */
function marksOf({ lines, experiment, seeds }: Reproduction, at: number): Mark[] {
  const column = experiment.columns[at] as Column;
  return lines.flatMap(({ row, cells }) => {
    const { values, mean, interval, published } = cells[at]!;
    const [sampler, classifier] = [row.sampler, row.labels.at(-1)!];
    const mark = (kind: string, value: number | null, ends = [value, value]): Mark[] => {
      if (value === null) return [];
      const [low, high] = ends.map((end) => 100 * (end ?? value)) as [number, number];
      const title = `${classifier} on ${sampler} features, ${kind}: ${numberText(column, value)} %`;
      return [{ kind, sampler, classifier, value: 100 * value, low, high, title }];
    };
    return [
      ...mark(OURS!, mean, interval ? [...interval] : undefined),
      ...(seeds.length > 1 ? values.flatMap((value) => mark(SEED!, value)) : []),
      ...mark(THEIRS!, published),
    ];
  });
}

function drawing(values: readonly Mark[], names: readonly string[], series: readonly Series[]): Drawing {
  const samplers = series.map(({ name }) => name);
  const color = { field: 'sampler', legend: null, scale: colorScale(series) };
  const shapes = samplers.map((name) => samplerLook(samplers, name).shape);
  const shape = { field: 'sampler', legend: null, scale: { domain: samplers, range: shapes } };
  const xOffset = { field: 'sampler', sort: samplers, scale: { domain: samplers } };
  const y = { type: 'quantitative', title: null, scale: { zero: false, padding: 14, nice: false } };
  const encoding = {
    x: {
      field: 'classifier',
      type: 'nominal',
      sort: names,
      title: null,
      axis: { labelAngle: 0, domain: false },
    },
    xOffset,
  };
  const of = (kind: string) => [{ filter: `datum.kind === '${kind}'` }];
  const intervals = {
    transform: [...of(OURS!), { filter: 'datum.low < datum.high' }],
    mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.7 },
    encoding: { color, y: { ...y, field: 'low' }, y2: { field: 'high' } },
  };
  const point = (kind: string, mark: Drawing, more: Drawing) => ({
    transform: of(kind),
    mark: { type: 'point', aria: true, ...mark },
    encoding: { y: { ...y, field: 'value' }, description: { field: 'title' }, ...more },
  });
  return {
    data: { values },
    encoding,
    layer: [
      intervals,
      point(OURS!, { filled: true, size: 60, opacity: 0.95 }, { color, shape }),
      point(SEED!, { filled: true, size: 12, opacity: 0.8 }, { color }),
      point(
        THEIRS!,
        { shape: 'M-.7,-.7L.7,.7M.7,-.7L-.7,.7', size: 60, strokeWidth: 1.5, stroke: PUBLISHED.color },
        {},
      ),
    ],
  };
}

/**
 * @param found of an experiment of accuracies
 * @returns a figure for each recipe
 */
export async function classifierCharts(found: Reproduction): Promise<Markup[]> {
  const recipes = [...Map.groupBy(found.lines, ({ recipe }) => recipe)];
  return Promise.all(
    recipes.map(([name, lines]) =>
      classifierChart({ ...found, lines }, recipes.length > 1 ? recipeLabel(name) : undefined),
    ),
  );
}

/** @param recipe whose lines, where there are several */
async function classifierChart(found: Reproduction, recipe: string | undefined): Promise<Markup> {
  const { experiment, lines, seeds } = found;
  const samplers = [...new Set(lines.map(({ row }) => row.sampler))];
  const names = [...new Set(lines.map(({ row }) => row.labels.at(-1)!))];
  const series = samplers.map((name) => ({ name, ...samplerLook(samplers, name) }));
  const drawn = await Promise.all(
    experiment.columns.map(({ name }, at) => {
      const marks = marksOf(found, at);
      if (marks.length === 0) return null;
      const title = TITLES[name] ?? name;
      const alt = `${title} accuracy: ${marks.map((mark) => mark.title).join(', ')}.`;
      return panel(captionOf(`${title} accuracy, %`, recipe), alt, drawing(marks, names, series));
    }),
  );
  const hasTheirs = lines.some(({ cells }) => cells.some(({ published }) => published !== null));
  const rows = lines.flatMap(({ row, cells }) =>
    cells.map(({ mean, interval, published }, at) => ({
      representation: row.sampler,
      classifier: row.classifier,
      column: experiment.columns[at]!.name,
      mean,
      low: interval?.[0],
      high: interval?.[1],
      published,
    })),
  );
  return figure(panels(drawn), {
    name: 'Figure 1',
    sentence: 'Accuracy of each classifier on each frozen representation.',
    note: `A large mark is ${seeds.length > 1 ? 'the mean of the seeds, a small one a seed' : 'one run'}, a bar the interval of the table${hasTheirs ? ', a cross the published number' : ''}. The scales differ and do not start at zero.`,
    series: hasTheirs ? [...series, PUBLISHED] : series,
    file: experiment.name,
    rows,
    recipe,
  });
}
