/** Training pictures of each class, from head to tail, as PNGs inside the page. */
import { encode } from 'fast-png';
import { MOST_CLASSES as MOST, type Results, type SamplePicture } from '../results.ts';
import { rankedClasses } from './classes.ts';
import { html, type Markup } from './markup.ts';

function png({ height, width, rgb }: SamplePicture): string {
  const bytes = encode({
    width,
    height,
    channels: 3,
    depth: 8,
    data: new Uint8Array(Buffer.from(rgb, 'base64')),
  });
  return `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
}

/** null where the run kept no pictures. */
export function pictures(results: Results): Markup | null {
  const { samples } = results.dataset;
  if (samples.length === 0) return null;
  const classes = rankedClasses(results);
  const shown =
    classes.length <= MOST ? classes : [...classes.slice(0, MOST / 2), ...classes.slice(-MOST / 2)];
  const figures = shown.map(({ label, name, count }) => {
    const own = samples.filter((sample) => sample.label === label);
    const images = own.map((sample) => html`<img src="${png(sample)}" alt="${name}">`);
    return html`<figure>${images}<figcaption>${name} · ${count}</figcaption></figure>`;
  });
  const which =
    shown.length < classes.length ? `${shown.length} of ${classes.length}` : `all ${classes.length}`;
  return html`<section><h2>The pictures</h2>
<p>Training pictures of ${which} classes, from head to tail, with their number.</p>
<div class="pictures">${figures}</div></section>`;
}
