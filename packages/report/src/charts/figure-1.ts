/** Figure 1 of the paper: a panel a group, the classifiers along x, joint beside decoupled, the representations as marks. */

import { colorScale, type Drawing, panel, type Series, WIDTHS, type Width } from '../chart.ts';
import { INK, samplerLook } from '../colors.ts';
import { figure, panels } from '../figure.ts';
import { classifierName, percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { Results, Row } from '../results.ts';
import {
  bestRow,
  classifiersOf,
  jointRow,
  rebalancedRows,
  referenceSampler,
  SCORE_COLUMNS,
  type ScoreColumn,
  samplersOf,
} from '../selection.ts';

const TITLES = { many: 'Many-shot', medium: 'Medium-shot', few: 'Few-shot', all: 'All classes' } as const;

/** One mark: a classifier on a representation. */
function marksOf({ sampler, classifier, scores }: Row, column: ScoreColumn) {
  const value = scores[column];
  if (value === null) return [];
  const [low, high] = scores.intervals?.[column] ?? [value, value];
  const name = classifierName(classifier);
  const interval = low === high ? '' : ` (${percent(low)} to ${percent(high)})`;
  return [
    {
      sampler,
      classifier: name,
      value: 100 * value,
      low: 100 * low,
      high: 100 * high,
      text: percent(value),
      title: `${name} on ${sampler} features: ${percent(value)} %${interval}`,
    },
  ];
}

/** Of a character of the axis, in pixels; names that do not fit beside one another stand upright. */
const CHARACTER = 7;
/** Of more classifiers the numbers would lie on one another. */
const MOST_NUMBERED = 10;

function nameAxis(names: readonly string[], width: Width): Drawing {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  const isWide = (longest + 1) * CHARACTER * names.length <= WIDTHS[width];
  return isWide ? { labelAngle: 0 } : { labelAngle: -90, labelLimit: 130, labelOverlap: true };
}

function drawing(
  results: Results,
  values: ReturnType<typeof marksOf>,
  series: readonly Series[],
  width: Width,
): Drawing {
  const samplers = samplersOf(results);
  const names = classifiersOf(results).map(classifierName);
  const color = { field: 'sampler', legend: null, scale: colorScale(series) };
  const range = samplers.map((name) => samplerLook(samplers, name).shape);
  const shape = { field: 'sampler', legend: null, scale: { domain: samplers, range } };
  const xOffset = { field: 'sampler', sort: samplers };
  const encoding = {
    x: {
      field: 'classifier',
      type: 'nominal',
      sort: names,
      title: null,
      axis: { ...nameAxis(names, width), domain: false },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: null,
      scale: { zero: false, padding: 14, nice: false },
    },
  };
  const marks = {
    mark: { type: 'point', filled: true, size: width === 'wide' ? 90 : 60, opacity: 0.95, aria: true },
    encoding: { color, shape, xOffset, description: { field: 'title' } },
  };
  const intervals = {
    transform: [{ filter: 'datum.low < datum.high' }],
    mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.7 },
    encoding: { color, xOffset, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
  };
  // With one representation there is room for the numbers beside their marks.
  const labels = {
    mark: { type: 'text', dy: -14, fontSize: 12, color: INK },
    encoding: { text: { field: 'text' } },
  };
  const divide = {
    data: { values: [{ classifier: classifierName('joint') }] },
    mark: { type: 'rule', color: 'var(--faint)', strokeDash: [3, 3] },
    encoding: {
      x: { field: 'classifier', type: 'nominal', bandPosition: 1 },
      y: { value: 0 },
      y2: { value: 'height' },
    },
  };
  const hasBoth = classifiersOf(results)[0] === 'joint' && classifiersOf(results).length > 1;
  const numbers = samplers.length > 1 || names.length > MOST_NUMBERED ? [] : [labels];
  const layer = [...(hasBoth ? [divide] : []), intervals, marks, ...numbers];
  return { data: { values }, encoding, layer };
}

function column(results: Results, of: ScoreColumn, series: readonly Series[]): Promise<Markup> | null {
  const values = results.rows.flatMap((row) => marksOf(row, of));
  if (values.length === 0) return null;
  const alt = `${TITLES[of]} accuracy by classifier: ${values.map((v) => v.title).join(', ')}.`;
  return panel(`${TITLES[of]} accuracy, %`, alt, (width) => drawing(results, values, series, width));
}

function sentence(results: Results): string {
  const sampler = referenceSampler(results);
  const [joint, best] = [jointRow(results, sampler), bestRow(rebalancedRows(results, sampler))];
  const top = bestRow(results.rows)!;
  if (!joint || !best)
    return `The highest accuracy on all classes is ${percent(top.scores.all)} %: ${classifierName(top.classifier)} on ${top.sampler} features.`;
  const few =
    joint.scores.few === null
      ? ''
      : ` and few-shot accuracy from ${percent(joint.scores.few)} to ${percent(best.scores.few)} %`;
  return `On the same ${sampler} features, ${classifierName(best.classifier)} in place of the joint head takes accuracy on all classes from ${percent(joint.scores.all)} to ${percent(best.scores.all)} %${few}.`;
}

export async function figure1(results: Results): Promise<Markup> {
  const samplers = samplersOf(results);
  const series = samplers.map((name) => ({ name, ...samplerLook(samplers, name) }));
  const drawn = await Promise.all(SCORE_COLUMNS.map((of) => column(results, of, series)));
  const rows = results.rows.map(({ sampler, classifier, scores }) => ({
    sampler,
    classifier,
    ...Object.fromEntries(SCORE_COLUMNS.map((of) => [of, scores[of]])),
    ...Object.fromEntries(
      SCORE_COLUMNS.flatMap((of) => {
        const [low, high] = scores.intervals?.[of] ?? [];
        return [
          [`${of}_low`, low],
          [`${of}_high`, high],
        ];
      }),
    ),
  }));
  const hasIntervals = results.rows.some(({ scores }) => scores.intervals);
  const note = `A mark is one classifier on one frozen representation; left of the dashed line the head that was learned jointly, right of it decoupled ones.${hasIntervals ? ' Bars are the intervals of the table.' : ''} The scales differ and do not start at zero.`;
  return html`<section>
<h2>Figure 1: representation × classifier</h2>
${figure(panels(drawn), { name: 'Figure 1', sentence: sentence(results), note, series, file: 'figure-1', rows })}
</section>`;
}
