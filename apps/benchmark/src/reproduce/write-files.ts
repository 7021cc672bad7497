/** The files of a reproduction, each whole or not there. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import { drawnFigures } from '../drawn-figures.ts';
import type { Experiment } from './experiment.ts';
import type { Reproduction } from './reproduction.ts';
import { reproductionCsv, reproductionMarkdown } from './tables.ts';

/**
 * The folder may hold an earlier figure or table of the same experiment, which its command names, and nothing else under the names
 * that are written.
 *
 * @throws UsageError naming the file that is another's
 */
export async function expectRoom(out: string, { name }: Pick<Experiment, 'name'>): Promise<void> {
  const command = new RegExp(`longtail [^\n<\`]*\\breproduce [^\n<\`]*\\b${name}(?![\\w-])`);
  const ours = { 'reproduce.html': command, 'reproduce.md': command, 'reproduce.csv': /^recipe,/ };
  for (const [file, ofIt] of Object.entries(ours)) {
    const text = await readFile(join(out, file), 'utf8').catch(() => undefined);
    if (text !== undefined && !ofIt.test(text))
      throw new UsageError(
        `${join(out, file)} is not of ${name}, and would be overwritten; name another folder with --out, or delete it.`,
        { out },
      );
  }
}

/**
 * @returns the paths of the files, the page first, then tables and figures
 * @throws DataError when one cannot be written
 */
export async function writeReproduction(out: string, found: Reproduction): Promise<string[]> {
  const { reproductionPage } = await import('./page.ts');
  const before = await drawnFigures(join(out, 'reproduce.html'));
  const page = await reproductionPage(found, { out });
  const files: [string, string | Uint8Array][] = [
    ['reproduce.html', page],
    ['reproduce.md', reproductionMarkdown(found)],
    ['reproduce.csv', reproductionCsv(found)],
    ...(await figureFiles(page)),
  ];
  for (const [path, content] of files) await writeWhole(join(out, path), content);
  const paths = files.map(([path]) => join(out, path));
  for (const old of before) if (!paths.includes(old)) await rm(old, { force: true });
  return paths;
}

async function figureFiles(page: string): Promise<[string, string | Uint8Array][]> {
  const [{ figuresOfPage }, { pngOf }] = await Promise.all([
    import('@longtail/report/page-charts'),
    import('@longtail/report/png'),
  ]);
  const files: [string, string | Uint8Array][] = [];
  for (const { name, svg } of figuresOfPage(page))
    files.push([`figures/${name}.svg`, svg], [`figures/${name}.png`, await pngOf(svg)]);
  return files;
}
