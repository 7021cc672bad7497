/**
 * From a vega-lite specification to an SVG inside a panel, in the page's own font and colours. Each is drawn twice, for a
 * narrow and a wide place, and CSS shows the one that fits: an SVG that is scaled would scale its text.
 */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { MUTED } from './colors.ts';
import { html, type Markup, raw } from './markup.ts';

/** In CSS pixels, as the style sheet's container query has them. */
export const WIDTHS = { narrow: 336, wide: 448 } as const;
export type Width = keyof typeof WIDTHS;
const HEIGHT = 230;

const CONFIG = {
  aria: false,
  background: null,
  font: 'inherit',
  view: { stroke: null },
  axis: {
    labelColor: MUTED,
    titleColor: MUTED,
    gridColor: 'var(--line)',
    domainColor: 'var(--line)',
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelPadding: 6,
    ticks: false,
  },
  axisX: { grid: false },
  axisY: { domain: false, tickCount: 5 },
  line: { strokeWidth: 2, strokeJoin: 'round', strokeCap: 'round' },
  scale: { bandPaddingInner: 0.2 },
} as const;

/** A vega-lite layer, unit or encoding: the part of a specification without its frame. */
export type Drawing = Record<string, unknown>;

/** Of marks with `aria: true` and a description, that is what a pointer shows of them. */
const withTitles = (svg: string): string =>
  svg.replaceAll(
    /<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"([^>]*)\/>/g,
    '<path$2><title>$1</title></path>',
  );

/** Without what cannot be seen, and pixels to two decimals. */
const lean = (svg: string): string =>
  svg
    .replaceAll(/<path class="(background|foreground)"[^>]*\/>/g, '')
    .replaceAll(/<text [^>]*opacity="0">[^<]*<\/text>/g, '')
    .replaceAll(
      / (font-family="inherit"|pointer-events="none"|role="graphics-[^"]*"|aria-[^=]*="[^"]*"|opacity="1")/g,
      '',
    )
    .replaceAll(/(\d\.\d\d)\d+/g, '$1');

/** One SVG. @param alt the same picture in words */
export async function svg(drawing: Drawing, alt: string, width: Width): Promise<Markup> {
  const [w, h] = [WIDTHS[width], HEIGHT];
  const spec = {
    width: w,
    height: h,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    config: CONFIG,
    ...drawing,
  } as unknown as TopLevelSpec;
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const drawn = await view.toSVG();
  view.finalize();
  const inside = lean(withTitles(drawn.slice(drawn.indexOf('>') + 1)));
  return html`<svg class="${width}" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${alt}">${raw(inside)}`;
}

/** What depends on the room that there is. */
export type Drawn = Drawing | ((width: Width) => Drawing);

/**
 * One panel of a figure.
 *
 * @param title what is on the y axis, with its unit
 * @param alt the same picture in words
 */
export async function panel(title: string, alt: string, drawn: Drawn): Promise<Markup> {
  const at = (width: Width) => svg(typeof drawn === 'function' ? drawn(width) : drawn, alt, width);
  const drawings = await Promise.all([at('narrow'), at('wide')]);
  return html`<div class="panel"><p class="panel-title">${title}</p><div class="fit">${drawings}</div></div>`;
}

export interface Series {
  readonly name: string;
  readonly color: string;
  /** The sign in the legend; default: a line. */
  readonly sign?: string;
}

export function legend(series: readonly Series[]): Markup {
  const item = ({ name, color, sign = '━' }: Series) =>
    html`<li><span style="color:${color}" aria-hidden="true">${sign}</span> ${name}</li>`;
  return html`<ul class="legend">${series.map(item)}</ul>`;
}

/** The scale that gives each series its colour. */
export function colorScale(series: readonly Series[]): Drawing {
  return { domain: series.map(({ name }) => name), range: series.map(({ color }) => color) };
}
