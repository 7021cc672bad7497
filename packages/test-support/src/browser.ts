/** A real browser: Chromium at its usual places, or what LONGTAIL_BROWSER names. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const { LONGTAIL_BROWSER = '' } = process.env;

/** WebGL and WebGPU in software, canvases of theirs too: the same numbers with and without a GPU. */
const GRAPHICS = [
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-gl=angle',
  '--use-angle=swiftshader',
];

/** Started, or undefined with the reason printed. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = [LONGTAIL_BROWSER, ...PLACES].find((path) => path && existsSync(path));
  if (executablePath) return chromium.launch({ executablePath, args: ['--no-sandbox', ...GRAPHICS] });
  console.warn(`skipped: no browser at ${PLACES.join(', ')}; name one in LONGTAIL_BROWSER.`);
  return undefined;
}
