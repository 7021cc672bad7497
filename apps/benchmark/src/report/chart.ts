/** From a vega-lite specification to an SVG inside a figure, in the page's own font and colours. */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { html, type Markup, raw } from './markup.ts';

/** Colours are the page's CSS variables, so that one SVG serves the light and the dark page. */
export const INK = 'var(--ink)';
export const MUTED = 'var(--muted)';
export const GROUP_COLORS = { many: 'var(--many)', medium: 'var(--medium)', few: 'var(--few)' } as const;

/** Every chart is one column wide, so that its text keeps its size from the desktop to the phone. */
const WIDTH = 440;
const HEIGHT = 220;

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

async function svg(drawing: Drawing, alt: string): Promise<Markup> {
  const spec = {
    width: WIDTH,
    height: HEIGHT,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 2,
    config: CONFIG,
    ...drawing,
  } as unknown as TopLevelSpec;
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const drawn = await view.toSVG();
  view.finalize();
  const inside = drawn
    .slice(drawn.indexOf('>') + 1)
    .replaceAll(/ (font-family="inherit"|pointer-events="none")/g, '');
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${alt}">${raw(inside)}`;
}

/**
 * One chart with its caption.
 *
 * @param caption what is on the y axis, with its unit
 * @param alt the same picture in words
 */
export async function chart(caption: string, alt: string, drawing: Drawing): Promise<Markup> {
  return html`<figure class="chart"><figcaption>${caption}</figcaption>${await svg(drawing, alt)}</figure>`;
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

/** One colour a name, in the order of first use; the palette starts again after eight. */
export function colorOf(names: readonly string[], name: string): string {
  return `var(--c${(names.indexOf(name) % 8) + 1})`;
}

/** The scale that gives each series its colour. */
export function colorScale(series: readonly Series[]): Drawing {
  return { domain: series.map(({ name }) => name), range: series.map(({ color }) => color) };
}
