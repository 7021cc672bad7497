/** Stage 1 as it went: loss, training accuracy and learning rate per epoch, a curve a representation. */

import { colorScale, panel, type Series } from '../chart.ts';
import { samplerLook } from '../colors.ts';
import { figure, panels } from '../figure.ts';
import { percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { EpochRecord, Results } from '../results.ts';
import { samplersOf } from '../selection.ts';

const CURVES = [
  { title: 'Training loss', value: ({ loss }: EpochRecord) => loss },
  { title: 'Accuracy on the training batches, %', value: (one: EpochRecord) => 100 * one.trainAccuracy },
] as const;

function curve(
  history: readonly EpochRecord[],
  { title, value }: (typeof CURVES)[number],
  series: readonly (Series & { dash: readonly number[] })[],
): Promise<Markup> {
  const values = history
    .map((record) => ({ sampler: record.sampler, epoch: record.epoch, value: value(record) }))
    .filter((point) => Number.isFinite(point.value));
  const last = history.reduce((latest, { epoch }) => Math.max(latest, epoch), 0);
  const domain = series.map(({ name }) => name);
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
      strokeDash: {
        field: 'sampler',
        legend: null,
        scale: { domain, range: series.map(({ dash }) => dash) },
      },
    },
  };
  return panel(title, `${title} over ${last} epochs, one curve for each representation sampler.`, drawing);
}

/** null where the run kept no history. */
export async function trainingCurves(results: Results): Promise<Markup | null> {
  const { history = [] } = results;
  if (history.length === 0) return null;
  const names = [...new Set([...samplersOf(results), ...history.map(({ sampler }) => sampler)])];
  const trained = names.filter((name) => history.some(({ sampler }) => sampler === name));
  const series = trained.map((name) => {
    const look = samplerLook(names, name);
    return { name, ...look, sign: look.line };
  });
  const drawn = await Promise.all(CURVES.map((one) => curve(history, one, series)));
  const endings = trained
    .map((name) => history.findLast(({ sampler }) => sampler === name)!)
    .map((one) => `${percent(one.trainAccuracy)} % after epoch ${one.epoch} (${one.sampler})`)
    .join(', ');
  const rows = history.map(({ sampler, epoch, loss, learningRate, trainAccuracy, seconds }) => ({
    sampler,
    epoch,
    loss,
    learningRate,
    trainAccuracy,
    seconds,
  }));
  return html`<section>
<h2>Learning the representation</h2>
${figure(panels(drawn), {
  name: 'Learning curves',
  sentence: `Accuracy on the training batches, as sampled and augmented, reached ${endings}.`,
  series,
  file: 'learning-curves',
  rows,
})}
</section>`;
}
