/**
 * Every chart of the page as a picture of its own, with its caption above and its legend below. They are taken from the page
 * itself, so that whatever is drawn there has a file.
 */
import { fileNames } from './file-name.ts';
import { raw } from './markup.ts';
import { reportHtml } from './page.ts';
import { parseResults } from './parse-results.ts';
import type { Results } from './results.ts';
import { svgFile } from './svg-file.ts';
import { framed, type Sign } from './svg-frame.ts';

export interface Figure {
  /** For a file, without its ending: `01-many-shot-accuracy`. */
  readonly name: string;
  /** What it shows, as on the page. */
  readonly caption: string;
  readonly svg: string;
}

/** A panel in the wider of its two drawings. */
const FIGURE =
  /<p class="panel-title">([^\n]*?)<\/p><div class="fit"><svg class="narrow".*?<\/svg><svg class="wide" width="\d+" height="\d+" (viewBox.*?<\/svg>)/gs;
const LEGEND = /<ul class="legend">(.*?)<\/ul>/gs;
const SIGN = /<li><span style="color:([^"]*)"[^>]*>(.*?)<\/span>(.*?)<\/li>/gs;

const signsOf = (legend: string | undefined): Sign[] =>
  [...(legend ?? '').matchAll(SIGN)].map(([, color = '', sign = '', name = '']) => ({
    color,
    sign,
    name: name.trim(),
  }));

/** The legend of a chart is the last one before it in its section. */
function figuresOf(section: string): Omit<Figure, 'name'>[] {
  return [...section.matchAll(FIGURE)].map(([, caption = '', svg = ''], i, { [i]: match }) => {
    const before = section.slice(0, match!.index);
    const legend = signsOf([...before.matchAll(LEGEND)].at(-1)?.[1]);
    return { caption: textOf(caption), svg: svgFile(raw(framed(`<svg ${svg}`, { caption, legend }))) };
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const textOf = (markup: string): string =>
  markup.replaceAll(/<[^>]*>/g, '').replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]!);

/** The charts of a page that is made of this package's panels, in sections. */
export function figuresOfPage(page: string): Figure[] {
  const drawn = page.split('<section').flatMap(figuresOf);
  const names = fileNames(
    drawn.map(({ caption }, i) => {
      const [title = ''] = caption
        .replaceAll('‖w‖', 'norm of w')
        .replaceAll('τ', 'tau')
        .split(/[,;(:]/);
      return `${String(i + 1).padStart(2, '0')}-${title.trim().toLowerCase()}`;
    }),
  );
  return drawn.map((figure, i) => ({ name: names[i]!, ...figure }));
}

/**
 * @param results what a run found
 * @returns the charts of the report, in its order, each as a whole SVG file in the light page's colours
 * @throws DataError for what is not of the form of results
 * @example
 * for (const { name, svg } of await figures(results)) await writeFile(`${name}.svg`, svg);
 */
export async function figures(results: Results): Promise<Figure[]> {
  return figuresOfPage(await reportHtml(parseResults(results)));
}
