/** The files that a report is: of one run in its folder, of several beside one another; each whole or not there. */
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeWhole } from '@longtail/formats/whole-file';
import type { Results } from '@longtail/report/results';
import { drawnFigures } from './drawn-figures.ts';

export const FORMATS = ['html', 'csv', 'md', 'tex', 'svg', 'png', 'card'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** What costs nothing. */
export const USUAL_FORMATS: readonly ReportFormat[] = ['html', 'csv', 'md', 'tex'];
/** What there is of several runs. */
export const COMPARED_FORMATS: readonly ReportFormat[] = ['html', 'csv'];

interface ReportFile {
  /** Below the folder. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

type Maker = (results: Results) => Promise<ReportFile[]>;

const tables = () => import('@longtail/report/files');
const one = (path: string, content: string): ReportFile[] => [{ path, content }];

const MAKERS: Readonly<Record<ReportFormat, Maker>> = {
  html: async (results) => one('report.html', await (await import('@longtail/report')).reportHtml(results)),
  csv: async (results) => one('results.csv', (await tables()).resultsCsv(results)),
  md: async (results) => one('results.md', (await tables()).resultsMarkdown(results)),
  tex: async (results) => one('results.tex', (await tables()).resultsLatex(results)),
  svg: async (results) => {
    const { figures } = await import('@longtail/report');
    return (await figures(results)).map(({ name, svg }) => ({ path: `figures/${name}.svg`, content: svg }));
  },
  png: async (results) => {
    const [{ figures }, { pngOf }] = await Promise.all([
      import('@longtail/report'),
      import('@longtail/report/png'),
    ]);
    const drawn = await figures(results);
    return Promise.all(
      drawn.map(async ({ name, svg }) => ({ path: `figures/${name}.png`, content: await pngOf(svg) })),
    );
  },
  card: async (results) =>
    (await tables()).modelCards(results).map(({ name, text }) => ({ path: `cards/${name}`, content: text })),
};

/**
 * @returns the paths of the files, in the order of the formats
 * @throws DataError when one cannot be written; EngineError for `png` without sharp
 */
export async function writeReport(
  folder: string,
  results: Results,
  formats: readonly ReportFormat[],
): Promise<string[]> {
  const before = await drawnFigures(join(folder, 'report.html'));
  const written: string[] = [];
  for (const format of formats) {
    const files = await MAKERS[format](results);
    for (const { path, content } of files) {
      await writeWhole(join(folder, path), content);
      written.push(join(folder, path));
    }
  }
  const kinds = formats.filter((format) => format === 'svg' || format === 'png');
  for (const path of before)
    if (kinds.some((kind) => path.endsWith(`.${kind}`)) && !written.includes(path))
      await rm(path, { force: true });
  return written;
}

/** All that a report of a run may have written into its folder. */
export async function reportFiles(folder: string): Promise<string[]> {
  const cards = await listed(join(folder, 'cards'), /^.+-(joint|ncm|crt|tau|lws)\.md$/);
  const beside = ['report.html', 'results.csv', 'results.md', 'results.tex'];
  return [
    ...beside.map((name) => join(folder, name)),
    ...(await drawnFigures(join(folder, 'report.html'))),
    ...cards,
  ];
}

async function listed(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}

/** @returns the paths of the files */
export async function writeComparison(
  folder: string,
  runs: readonly Results[],
  formats: readonly ReportFormat[],
): Promise<string[]> {
  const written: string[] = [];
  for (const format of formats) {
    const path = join(folder, `comparison.${format}`);
    const content =
      format === 'csv'
        ? (await tables()).resultsCsv(runs)
        : await (await import('@longtail/report')).comparisonHtml(runs);
    await writeWhole(path, content);
    written.push(path);
  }
  return written;
}

/** @param folder of the run: its name is that of the run in TensorBoard, so that several share a log folder */
export async function writeTensorBoard(logs: string, folder: string, results: Results): Promise<string> {
  const { tensorBoardFiles } = await tables();
  const own = join(logs, basename(folder));
  for (const { path, bytes } of tensorBoardFiles(results)) await writeWhole(join(own, path), bytes);
  return own;
}
