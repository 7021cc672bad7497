/** The packages in a real browser: bundled by what people bundle with, on tfjs's backends, with Node's numbers. */
import '@tensorflow/tfjs';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBeCloseTo } from '@longtail/test-support';
import { launchBrowser } from '@longtail/test-support/browser';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BUNDLERS } from '../src/bundle.ts';
import type { Page } from '../src/page.ts';
import { PLAIN } from '../src/program/plain.ts';
import { PROGRAM, runProgram } from '../src/program/program.ts';
import { openPage } from '../src/serve.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly pageBackends?: readonly string[];
  }
}

const root = join(import.meta.dirname, '../..');
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const parts = readdirSync(root).filter((name) =>
  ['foundation', 'part'].includes(json(`${name}/turbo.json`).tags[0]),
);
/** Why not in a browser. */
const NODE_ONLY: Readonly<Record<string, string>> = {
  collective: 'joins processes, by FFI',
  datasets: 'reads folders and archives, by threads',
};

describe.each(Object.entries(BUNDLERS))('%s', (_, bundle) => {
  it.each(parts.filter((name) => !(name in NODE_ONLY)))('bundles %s for browsers', async (name) => {
    const { code, warnings } = await bundle(
      `import * as it from '@longtail/${name}'; Object.assign(globalThis, { it });`,
    );
    expect(warnings).toEqual([]);
    expect(code.length).toBeGreaterThan(1000);
  });

  it('would not be silent about a module of Node', async () => {
    const found = await bundle("import { readFileSync } from 'node:fs'; readFileSync('a');").catch(String);
    expect(JSON.stringify(found)).toMatch(/node:fs/);
  });
});

const browser = await launchBrowser();
afterAll(() => browser?.close());
/** Exponentials of other libraries, and sums in another order; what divides by 0.001 amplifies them. */
const TOLERANCE = { absolute: 1e-5, relative: 1e-4 };

describe.each(Object.entries(BUNDLERS))('a page by %s', (_, bundle) => {
  let expected: Awaited<ReturnType<typeof runProgram>>;
  let code: string;
  beforeAll(async () => {
    if (!browser) return;
    await tf.setBackend('cpu');
    expected = await runProgram();
    ({ code } = await bundle("import './src/page.ts';"));
  });

  it.for(inject('pageBackends')!)('has on %s the numbers of Node', async (backend, { skip }) => {
    if (!browser) return skip('no browser');
    const tab = await openPage(browser, code);
    const found = await tab.evaluate(
      (name) => (globalThis as unknown as { page: Page }).page.run(name),
      backend,
    );
    await tab.close();
    if (!found) {
      console.warn(`skipped: this browser has no ${backend}.`);
      return skip(`no ${backend}`);
    }
    expect(Object.keys(found)).toEqual(Object.keys(PROGRAM));
    expect(Object.entries(found).filter(([, value]) => typeof value === 'string')).toEqual([]);
    for (const [name, values] of Object.entries(found))
      if (name in PLAIN) expect([name, values]).toEqual([name, expected[name]]);
      else toBeCloseTo(values as number[], expected[name] as number[], TOLERANCE);
  });
});
