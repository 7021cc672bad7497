/** The files of a reproduction, each whole or not there. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@longtail/formats/whole-file';
import type { Reproduction } from './reproduction.ts';
import { reproductionCsv, reproductionMarkdown } from './tables.ts';

/**
 * @returns the paths of the files, the page first, then tables and figures
 * @throws DataError when one cannot be written
 */
export async function writeReproduction(out: string, found: Reproduction): Promise<string[]> {
  const { reproductionPage } = await import('./page.ts');
  const before = await figuresOfBefore(out);
  const page = await reproductionPage(found, { out });
  const files: [string, string | Uint8Array][] = [
    ['reproduce.html', page],
    ['reproduce.md', reproductionMarkdown(found)],
    ['reproduce.csv', reproductionCsv(found)],
    ...(await figureFiles(page)),
  ];
  for (const [path, content] of files) await writeWhole(join(out, path), content);
  const names = files.map(([path]) => path);
  for (const old of before) if (!names.includes(old)) await rm(join(out, old), { force: true });
  return names.map((name) => join(out, name));
}

/** The files of the page that is there: of what else lies beside them nothing is removed. */
async function figuresOfBefore(out: string): Promise<string[]> {
  const page = await readFile(join(out, 'reproduce.html'), 'utf8').catch(() => '');
  const { figuresOfPage } = await import('@longtail/report/page-charts');
  return figuresOfPage(page).flatMap(({ name }) => [`figures/${name}.svg`, `figures/${name}.png`]);
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
