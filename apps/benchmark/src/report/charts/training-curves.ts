/** Stage 1 as it went: loss and training accuracy per epoch, a curve a representation. */
import type { EpochRecord, Results } from '../../results.ts';
import { chart, colorOf, colorScale, legend, type Series } from '../chart.ts';
import { percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { samplersOf } from '../selection.ts';

type Curve = { readonly caption: string; readonly value: (record: EpochRecord) => number };

function panel(
  history: readonly EpochRecord[],
  { caption, value }: Curve,
  series: readonly Series[],
): Promise<Markup> {
  const values = history
    .map((record) => ({ sampler: record.sampler, epoch: record.epoch, value: value(record) }))
    .filter((point) => Number.isFinite(point.value));
  const last = history.reduce((latest, { epoch }) => Math.max(latest, epoch), 0);
  const drawing = {
    data: { values },
    mark: { type: 'line', point: last < 3 },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'epoch',
        scale: { domain: [Math.min(1, last - 1), last], nice: false, zero: false },
        axis: { tickMinStep: 1, tickCount: 6, format: 'd' },
      },
      y: { field: 'value', type: 'quantitative', title: null },
      color: { field: 'sampler', legend: null, scale: colorScale(series) },
    },
  };
  return chart(
    caption,
    `${caption} over ${last} epochs, one curve for each representation sampler.`,
    drawing,
  );
}

/** null where the run kept no history. */
export async function trainingCurves(results: Results): Promise<Markup | null> {
  const { history } = results;
  if (history.length === 0) return null;
  const names = [...new Set([...samplersOf(results), ...history.map(({ sampler }) => sampler)])];
  const trained = names.filter((name) => history.some(({ sampler }) => sampler === name));
  const series = trained.map((name) => ({ name, color: colorOf(names, name) }));
  const ends = trained.map((name) => history.findLast(({ sampler }) => sampler === name)!);
  const panels = [
    panel(history, { caption: 'Training loss', value: ({ loss }) => loss }, series),
    panel(
      history,
      { caption: 'Accuracy on the training batches, %', value: (one) => 100 * one.trainAccuracy },
      series,
    ),
  ];
  const endings = ends
    .map((one) => `${one.sampler} ${percent(one.trainAccuracy)} % after epoch ${one.epoch}`)
    .join(', ');
  return html`<section>
<h2>Learning the representation</h2>
<p>Accuracy on the training batches, as sampled and augmented: ${endings}.</p>
${legend(series)}
<div class="charts">${await Promise.all(panels)}</div>
</section>`;
}
