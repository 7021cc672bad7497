/** The page in a real browser: what a reader with a mouse, a keyboard, a phone, a screen reader or paper has of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from '@longtail/test-support/browser';
import axe from 'axe-core';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../src/page.ts';
import { MADE_UP_COUNTS, madeUpResults, madeUpRow } from '../src/testing.ts';
import { wholeResults } from './whole-results.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
const browser = await launchBrowser();

interface Axe {
  run(
    of: Document,
    options: { runOnly?: string[] },
  ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

type Page = Awaited<ReturnType<NonNullable<typeof browser>['newPage']>>;

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const urls = { small: '', large: '' };
beforeAll(async () => {
  if (!browser) return;
  for (const [name, numClasses] of Object.entries({ small: 9, large: 1000 })) {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, await reportHtml(wholeResults({ numClasses })));
    urls[name as keyof typeof urls] = pathToFileURL(path).href;
  }
});

/** Open while it is used. */
async function onPage<T>(
  use: (page: Page) => Promise<T>,
  { size = 'small', width = 1280 }: { size?: keyof typeof urls; width?: number } = {},
): Promise<T> {
  const page = await browser!.newPage({ viewport: { width, height: 900 }, bypassCSP: true });
  try {
    await page.goto(urls[size]);
    return await use(page);
  } finally {
    await page.close();
  }
}

/** Of the classes in the table's order, those that are shown. */
const names = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLTableRowElement>('[data-filter="Find a class or group"] tbody tr')]
      .filter(({ hidden }) => !hidden)
      .map(({ cells }) => cells[0]!.textContent),
  );
const WIDTHS = [320, 375, 768, 1280];

describe.skipIf(!browser)('the page in a browser', { timeout: 30_000 }, () => {
  it('says nothing on the console and asks for nothing', async () => {
    const page = await browser!.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', ({ message }) => said.push(message));
    page.on('request', (request) => said.push(request.url().slice(0, 200)));
    await page.goto(urls.small);
    await page.locator('[aria-label=Classes] th button').first().click();
    await page.close();
    expect(said.filter((one) => !one.startsWith('data:'))).toEqual([urls.small]);
  });

  it('lets a mouse sort a thousand classes', async () => {
    await onPage(
      async (page) => {
        const head = page.locator('[aria-label=Classes] th[scope=col]').filter({ hasText: 'train' });
        await head.locator('button').click();
        expect(await head.getAttribute('aria-sort')).toBe('descending');
        expect((await names(page)).slice(0, 2)).toEqual(['class 0', 'class 1']);
        await head.locator('button').click();
        expect(await head.getAttribute('aria-sort')).toBe('ascending');
        expect((await names(page))[0]).toMatch(/class 9\d\d/);
        const byName = page.locator('[aria-label=Classes] th[scope=col]').first();
        await byName.locator('button').click();
        expect(await head.getAttribute('aria-sort')).toBeNull();
        expect((await names(page)).slice(0, 3)).toEqual(['class 0', 'class 1', 'class 2']);
      },
      { size: 'large' },
    );
  });

  it('lets a keyboard filter and sort them', async () => {
    await onPage(
      async (page) => {
        await page.getByLabel('Find a class or group').focus();
        await page.keyboard.type('class 99');
        expect(await names(page)).toHaveLength(11); // 99, 990 .. 999
        expect(await page.getByRole('status').last().textContent()).toBe('11 of 1000 rows');
        await page.keyboard.press('Tab'); // the table, which scrolls
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Space');
        expect(await page.locator('[aria-label=Classes] th[aria-sort=descending]').textContent()).toBe(
          'class',
        );
        expect((await names(page)).at(-1)).toBe('class 99');
      },
      { size: 'large' },
    );
  });

  it('fits every width whatever the names', async () => {
    const path = join(folder, 'long.html');
    const long = madeUpRow('x'.repeat(400), 'y'.repeat(400), [0.9, 0.5, 0.1]);
    const classNames = MADE_UP_COUNTS.map((_, c) => `${c}`.repeat(400));
    writeFileSync(
      path,
      await reportHtml({ ...madeUpResults([long], { classNames }), name: 'z'.repeat(400) }),
    );
    await onPage(async (page) => {
      await page.goto(pathToFileURL(path).href);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    });
  });

  it('fits every width, the column of all classes in sight, text of charts in its own size', async () => {
    await onPage(async (page) => {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate(() => {
          const heads = [...document.querySelectorAll('table.scores thead th:last-child')];
          const svgs = [...document.querySelectorAll('svg')].filter((svg) => svg.checkVisibility());
          return {
            page: document.documentElement.scrollWidth,
            all: heads.map((head) => [head.textContent, head.getBoundingClientRect().right] as const),
            scales: svgs.map((svg) => svg.getBoundingClientRect().width / Number(svg.getAttribute('width'))),
          };
        });
        expect([width, found.page]).toEqual([width, width]);
        for (const [text, right] of found.all)
          expect([text, Math.ceil(right) <= width, width]).toEqual(['all', true, width]);
        expect(found.scales.length).toBeGreaterThan(10);
        expect([...new Set(found.scales.map((scale) => scale.toFixed(3)))]).toEqual(['1.000']);
      }
    });
  });

  it('has nothing that axe finds, and colours that can be told apart by light and by night', async () => {
    const found = (page: Page, rules?: string[]) =>
      page.evaluate(async (only) => {
        const { axe } = globalThis as unknown as { axe: Axe };
        const { violations } = await axe.run(document, only ? { runOnly: only } : {});
        return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]);
      }, rules);
    await onPage(
      async (page) => {
        await page.evaluate(axe.source);
        expect(await found(page)).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await found(page, ['color-contrast'])).toEqual([]);
      },
      { width: 375 },
    );
  });

  it('shows the name of a class where the pointer is on its point', async () => {
    await onPage(async (page) => {
      const title = page.locator('#accuracy-by-class svg.wide title').first();
      expect(await title.textContent()).toMatch(/^class 0: 500 training pictures, Joint \d+\.\d %$/);
    });
  });

  it('saves the numbers of a figure', async () => {
    await onPage(async (page) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#figure-1 a[download]').click(),
      ]);
      expect(download.suggestedFilename()).toBe('figure-1.csv');
      const text = readFileSync((await download.path())!, 'utf8');
      expect(text.split('\n')[0]).toMatch(/^sampler,classifier,many,medium,few,all,/);
      expect(text.trim().split('\n')).toHaveLength(11);
    });
  });

  it.each(['small', 'large'] as const)(
    'parts no figure, and no table, from its caption on paper (%s)',
    async (size) => {
      const { pdf, texts } = await onPage(
        async (page) => ({ pdf: await page.pdf({ format: 'A4' }), texts: await page.evaluate(together) }),
        { size },
      );
      const pages = await pagesOf(pdf);
      expect(texts.length).toBeGreaterThanOrEqual(10);
      for (const [caption, ...inside] of texts) {
        const own = pages.filter((text) => text.includes(squeezed(caption!)));
        expect([caption, own.length]).toEqual([caption, 1]);
        for (const text of inside) expect(own[0]).toContain(squeezed(text));
      }
    },
  );
});

/** Texts that belong on one page: of each figure and table its caption, and what is inside up to its end. */
function together(): string[][] {
  const text = (element: Element | null | undefined) => element?.textContent ?? '';
  const figures = [...document.querySelectorAll('figure[id]')].map((one) => [
    text(one.querySelector('strong')),
    ...[...one.querySelectorAll('.panel-title, caption')].map(text),
    ...[...one.querySelectorAll('svg.narrow')].map((svg) => text([...svg.querySelectorAll('text')].at(-1))),
  ]);
  const tables = [...document.querySelectorAll<HTMLTableElement>('table.scores')].map((one) => [
    text(one.caption),
    text([...one.rows].at(-1)),
  ]);
  return [...figures, ...tables];
}

/** Without spaces, which a PDF does not keep. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, '');

async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const texts: string[] = [];
  for (let page = 1; page <= document.numPages; page++) {
    const { items } = await (await document.getPage(page)).getTextContent();
    texts.push(squeezed(items.map((item) => ('str' in item ? item.str : '')).join('')));
  }
  await document.destroy();
  return texts;
}
