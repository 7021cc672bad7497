/** Training pictures of each class, from head to tail. */
import { rankedClasses } from './classes.ts';
import { html, type Markup } from './markup.ts';
import { image } from './picture.ts';
import { MOST_CLASSES, type Results } from './results.ts';

/** null where there are none. */
export function pictures(results: Results): Markup | null {
  const { samples = [] } = results.dataset;
  if (samples.length === 0) return null;
  const classes = rankedClasses(results);
  const shown =
    classes.length <= MOST_CLASSES
      ? classes
      : [...classes.slice(0, MOST_CLASSES / 2), ...classes.slice(-MOST_CLASSES / 2)];
  const figures = shown.map(({ label, name, count }) => {
    const own = samples.filter((sample) => sample.label === label);
    const images = own.map((sample) => image(sample, name));
    return html`<figure><figcaption>${name} · ${count}</figcaption>${images}</figure>`;
  });
  const which =
    shown.length < classes.length ? `${shown.length} of ${classes.length}` : `all ${classes.length}`;
  return html`<section><h2>The pictures</h2>
<p>Training pictures of ${which} classes, from head to tail, with their number.</p>
<div class="pictures">${figures}</div></section>`;
}
