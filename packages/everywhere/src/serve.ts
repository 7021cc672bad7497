/** A page with a script at http://localhost, which a browser trusts as much as https: WebGPU is for such pages. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { launchBrowser } from '@longtail/test-support/browser';

type Browser = NonNullable<Awaited<ReturnType<typeof launchBrowser>>>;
type Tab = Awaited<ReturnType<Browser['newPage']>>;

const HOME = 'http://localhost/';
const HTML = '<!doctype html><title>everywhere</title><script type="module" src="/script.js"></script>';
const wasm = join(
  dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
  'wasm-out',
);

/** Nothing leaves the machine: what the page asks for is answered here. The WebAssembly of tfjs is under /wasm/. */
export async function openPage(browser: Browser, script: string): Promise<Tab> {
  const tab = await browser.newPage();
  await tab.route(`${HOME}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: HTML });
    if (pathname === '/script.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    if (!/^\/wasm\/[\w-]+\.wasm$/.test(pathname)) return route.fulfill({ status: 404 });
    return route.fulfill({
      contentType: 'application/wasm',
      body: await readFile(join(wasm, pathname.slice(6))),
    });
  });
  await tab.goto(HOME);
  return tab;
}
