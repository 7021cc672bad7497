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
}

/** @param content panels, or a table */
export function figure(
  content: Content,
  { name, sentence, note, series = [], file, rows }: FigureParts,
): Markup {
  return html`<figure id="${file}"><figcaption><p><strong>${name}.</strong> ${sentence}</p>
<p class="muted">${note} ${csvLink(file, rows)}</p></figcaption>
${series.length > 0 && legend(series)}${content}</figure>`;
}

/** Side by side where there is room. */
export const panels = (content: Content): Markup => html`<div class="panels">${content}</div>`;
