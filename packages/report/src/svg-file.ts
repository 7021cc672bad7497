/** A chart of the page as an SVG file of its own, its colours written out for viewers without CSS. */
import { svg } from './chart.ts';
import { countsDrawing } from './charts/class-counts.ts';
import type { ClassSizes } from './classes.ts';
import { COLORS } from './colors.ts';
import type { Markup } from './markup.ts';

/** Those of the light page, which come first. */
const VALUES: ReadonlyMap<string, string> = new Map(
  [...COLORS.matchAll(/(--\w+): (#\w+)/g)].reverse().map(([, name = '', value = '']) => [name, value]),
);

/** @param markup the one SVG in it becomes the file */
export function svgFile({ markup }: Markup): string {
  const svg = markup.slice(markup.indexOf('<svg'), markup.lastIndexOf('</svg>') + '</svg>'.length);
  const paper = '<rect width="100%" height="100%" fill="var(--paper)"/>';
  const frame = '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" ';
  const whole = svg.replace('<svg ', frame).replace('>', `>${paper}`);
  return `${whole.replaceAll(/var\((--\w+)\)/g, (_, name) => VALUES.get(name)!)}\n`;
}

/** The long tail of a set: training pictures of each class on a logarithmic scale, its groups coloured. */
export async function classCountsSvg(sizes: ClassSizes): Promise<string> {
  const { drawing, alt } = countsDrawing(sizes);
  return svgFile(await svg(drawing, alt, 'wide'));
}
