/** The numbers behind a figure as a link that saves them, inside the page. */
import { encodeCsv } from '@longtail/formats';
import { html, type Markup } from './markup.ts';

export type DataRow = Readonly<Record<string, string | number | null | undefined>>;

const decoder = new TextDecoder();

/**
 * @param file its name, without an ending
 * @param rows all with the keys of the first one; what is absent is an empty field
 */
export function csvLink(file: string, rows: readonly DataRow[]): Markup | null {
  if (rows.length === 0) return null;
  const columns = Object.keys(rows[0]!).map((name): [string, string[]] => [
    name,
    rows.map((row) => `${row[name] ?? ''}`),
  ]);
  const csv = decoder.decode(encodeCsv(new Map(columns)));
  // A comma stands for itself there, and there are many.
  const text = encodeURIComponent(csv).replaceAll('%2C', ',');
  const href = `data:text/csv;charset=utf-8,${text}`;
  return html`<span class="data">Data: <a download="${file}.csv" href="${href}">${file}.csv</a></span>`;
}
