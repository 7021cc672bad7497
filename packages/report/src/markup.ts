/** HTML as tagged templates: whatever text is put in comes out escaped, so no caller can forget to. */

/** Text that is already HTML. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | false | null | undefined | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Trusted HTML, such as an SVG that this package drew. */
export function raw(markup: string): Markup {
  return { markup };
}

function written(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'string') return content.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(written).join('');
}

/**
 * @example
 * html`<td title="${name}">${rows.map((row) => html`<b>${row}</b>`)}</td>`;
 */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Markup {
  return raw(String.raw({ raw: parts }, ...contents.map(written)));
}
