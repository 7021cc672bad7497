/** The page of packages/heads/examples/web, as a reader uses it. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { launchBrowser } from '@longtail/test-support/browser';

type Browser = NonNullable<Awaited<ReturnType<typeof launchBrowser>>>;
type Tab = Awaited<ReturnType<Browser['newPage']>>;

export interface Opened {
  readonly tab: Tab;
  /** Errors of the console, and addresses that were asked for beside the file. */
  readonly problems: readonly string[];
}

/** From the file, as wide as a telephone. */
export async function openHeadPage(browser: Browser, file: string): Promise<Opened> {
  const tab = await browser.newPage({ viewport: { width: 375, height: 700 } });
  const problems: string[] = [];
  tab.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  tab.on('pageerror', (error) => problems.push(String(error)));
  tab.on('request', (request) => /^(file|data|blob):/.test(request.url()) || problems.push(request.url()));
  await tab.goto(pathToFileURL(file).href);
  return { tab, problems };
}

/** @returns the CSV file that the page offers */
export async function predictedInPage(
  { tab }: Opened,
  { head, rows }: { head: string; rows: string },
): Promise<string> {
  await tab.setInputFiles('#head', head);
  await tab.setInputFiles('#file', rows);
  const [download] = await Promise.all([tab.waitForEvent('download'), tab.click('#all')]);
  return readFileSync(await download.path(), 'utf8');
}
