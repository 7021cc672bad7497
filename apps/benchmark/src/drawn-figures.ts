/** The figures that a page draws, as the files beside it are named: whoever writes the next page removes these, and no file of others. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** @returns whole paths, whether or not each file is there; none where there is no page */
export async function drawnFigures(page: string): Promise<string[]> {
  const html = await readFile(page, 'utf8').catch(() => '');
  if (html === '') return [];
  const { figuresOfPage } = await import('@longtail/report/page-charts');
  const folder = join(dirname(page), 'figures');
  return figuresOfPage(html).flatMap(({ name }) =>
    ['svg', 'png'].map((kind) => join(folder, `${name}.${kind}`)),
  );
}
