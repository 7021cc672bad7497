/** A figure: what it shows, the one sentence that it supports, its panels, and its numbers to save. */
import { legend, type Series } from './chart.ts';
import { csvLink, type DataRow } from './csv-link.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface FigureParts {
  /** Its name, such as `Figure 1`. */
  readonly name: string;
  /** The one sentence. */
  readonly sentence: Content;
  /** How to read it, where that is not plain. */
  readonly note?: string | undefined;
  readonly series?: readonly Series[];
  /** The name of the file of its numbers, without an ending, and the numbers. */
  readonly file: string;
  readonly rows: readonly DataRow[];
  /** Whose numbers, where the same figure of other recipes stands on the page as well. */
  readonly recipe?: string | undefined;
}

/** What it shows, and whose it is. */
export const captionOf = (text: string, recipe: string | undefined): string =>
  recipe === undefined ? text : `${text}, ${recipe}`;

/** @param content panels, or a table */
export function figure(
  content: Content,
  { name, sentence, note, series = [], file, rows, recipe }: FigureParts,
): Markup {
  const id = recipe === undefined ? file : `${file}-${recipe}`;
  const own = recipe === undefined ? rows : rows.map((row) => ({ recipe, ...row }));
  return html`<figure id="${id}"><figcaption><p><strong>${captionOf(name, recipe)}.</strong> ${sentence}</p>
<p class="muted">${note} ${csvLink(id, own)}</p></figcaption>
${series.length > 0 && legend(series)}${content}</figure>`;
}

/** Side by side where there is room. */
export const panels = (content: Content): Markup => html`<div class="panels">${content}</div>`;
