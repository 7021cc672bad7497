/** A chart's SVG in a larger one that has room for what stands beside it on the page: its caption and its legend. */

export interface Sign {
  readonly color: string;
  /** One character, and what it stands for; as HTML. */
  readonly sign: string;
  readonly name: string;
}

const [FONT_SIZE, LINE, MARGIN] = [13, 18, 8];
/** Of a character of a sans-serif font, on the wide side, as nobody measures text here. */
const CHARACTER = 0.56 * FONT_SIZE!;

/** Words, or other pieces that stay whole, in lines of at most a width. */
function lines(
  pieces: readonly { readonly length: number; readonly markup: string }[],
  most: number,
): string[] {
  const filled: { length: number; markup: string }[] = [];
  for (const { length, markup } of pieces) {
    const last = filled.at(-1);
    if (!last || last.length + 1 + length > most) filled.push({ length, markup });
    else filled[filled.length - 1] = { length: last.length + 1 + length, markup: `${last.markup} ${markup}` };
  }
  return filled.map(({ markup }) => markup);
}

const text = (markup: string, y: number): string =>
  `<text x="${MARGIN}" y="${y}" font-size="${FONT_SIZE}" fill="var(--ink)" xml:space="preserve">${markup}</text>`;

/** As `&amp;` is one sign on paper. */
const lengthOf = (markup: string): number => [...markup.replaceAll(/&[^;]+;/g, '.')].length;

/**
 * @param svg with a viewBox, from its first tag on
 * @returns an SVG of the same width around it
 */
export function framed(
  svg: string,
  { caption, legend }: { readonly caption: string; readonly legend: readonly Sign[] },
): string {
  const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
  const most = Math.floor((width - 2 * MARGIN!) / CHARACTER);
  const above = lines(
    caption
      .replaceAll(/<[^>]*>/g, '')
      .split(' ')
      .map((markup) => ({ length: lengthOf(markup), markup })),
    most,
  );
  const below = lines(
    legend.map(({ color, sign, name }) => ({
      length: 4 + lengthOf(name),
      markup: `<tspan fill="${color}">${sign}</tspan> ${name}  `,
    })),
    most,
  );
  const top = MARGIN! + above.length * LINE!;
  const whole = top + height + below.length * LINE! + MARGIN!;
  const [tag] = svg.split('>', 1) as [string];
  const kept = tag.replaceAll(/ (class|width|height)="[^"]*"/g, '').slice('<svg'.length);
  const place = `y="${top}" width="${width}" height="${height}" overflow="visible"`;
  const inside = `<svg ${place}${kept}${svg.slice(tag.length)}`;
  const captions = above.map((line, i) => text(line, (i + 1) * LINE!));
  const legends = below.map((line, i) => text(line, top + height + (i + 1) * LINE! - MARGIN! / 2));
  return `<svg width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">${captions.join('')}${inside}${legends.join('')}</svg>`;
}
