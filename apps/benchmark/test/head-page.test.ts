/** A saved head on the page of packages/heads/examples/web: in a real browser, the classes of `longtail predict`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { encodeNpy } from '@longtail/formats';
import { centre, classifier, encodeClassifier, l2, lda, transformed } from '@longtail/heads';
import { useTestBackend } from '@longtail/test-support/backend';
import { launchBrowser } from '@longtail/test-support/browser';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHeadPage, predictedInPage } from './head-page.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-page-'));
const at = (name: string): string => join(folder, name);
const browser = await launchBrowser();
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const [N, D] = [600, 16];
const CLASSES = ['auk', 'sea eagle', 'wren, winter'];
const labels = Int32Array.from({ length: N }, (_, row) => (row % 10 === 0 ? 2 : row % 2));
const generator = random(0, 'head-page');
const data = Float32Array.from({ length: N * D }, (_, i) => {
  const c = labels[Math.floor(i / D)]!;
  return generator.normal() + (i % D === c ? 2 : 0);
});

beforeAll(useTestBackend);
beforeAll(() => {
  const features = tf.tensor2d(data, [N, D]);
  const transform = [...centre(features), ...l2()];
  const seen = transformed(features, transform);
  const counts = CLASSES.map((_, c) => labels.filter((label) => label === c).length);
  const head = lda(seen, labels, { numClasses: CLASSES.length });
  const made = classifier({ head, counts, transform, classNames: CLASSES, temperature: 2 });
  writeFileSync(at('head.safetensors'), encodeClassifier(made));
  tf.dispose([features, seen]);
  made.dispose();
  writeFileSync(at('new.npy'), encodeNpy({ shape: [N, D], data }));
  const build = join(import.meta.dirname, '../../../packages/heads/examples/web/build.ts');
  execFileSync(process.execPath, [build, at('predict.html')]);
});

it('gives the classes of `longtail predict`, offline, on a telephone', async ({ skip }) => {
  if (!browser) return skip('no browser');
  const opened = await openHeadPage(browser, at('predict.html'));
  const { tab, problems } = opened;
  const files = { head: at('head.safetensors'), rows: at('new.npy') };
  const found = (await predictedInPage(opened, files)).trim().split('\n');
  const { stdout } = await longtail(['predict', files.head, files.rows]);
  const expected = stdout.trim().split('\n');
  const classOf = (line: string) => line.slice(0, line.lastIndexOf(','));
  expect(found.map(classOf)).toEqual(expected.map(classOf));
  expect(await tab.textContent('#about')).toBe('600 rows');
  expect(await tab.locator('tbody tr').count()).toBe(100);
  expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  expect(problems).toEqual([]);
  await tab.close();
});

it('takes pasted rows, and says what is wrong with others', async ({ skip }) => {
  if (!browser) return skip('no browser');
  const { tab, problems } = await openHeadPage(browser, at('predict.html'));
  await tab.setInputFiles('#head', at('head.safetensors'));
  const line = (c: number) => Array.from({ length: D }, (_, d) => (d === c ? 5 : 0)).join(', ');
  await tab.fill('#rows', `${line(2)}\n${line(0)}\n`);
  await tab.waitForSelector('tbody tr >> nth=1');
  expect(await tab.locator('tbody td:nth-child(2)').allTextContents()).toEqual(['wren, winter', 'auk']);
  const problem = tab.locator('#problem');
  for (const [text, said] of [
    [`${line(1)}\n1, 2`, 'Line 2 is not 16 numbers'],
    ['1, zwei', 'Line 1 is not 2 numbers'],
    ['1, 2, 3', '16'],
  ] as const) {
    await tab.fill('#rows', text);
    await tab.waitForFunction(() => document.querySelector('#problem')!.textContent !== '');
    expect(await problem.textContent()).toContain(said);
    expect(await tab.isVisible('table')).toBe(false);
  }
  const values = Float32Array.from({ length: 2 * D }, (_, i) => (i === D ? Number.NaN : 1));
  writeFileSync(at('bad.npy'), encodeNpy({ shape: [2, D], data: values }));
  await tab.fill('#rows', '');
  await tab.setInputFiles('#file', at('bad.npy'));
  await tab.waitForFunction(() => document.querySelector('#problem')!.textContent !== '');
  expect(await problem.textContent()).toBe('Row 1 (from 0) of bad.npy holds NaN.');
  await tab.fill('#rows', line(1));
  await tab.waitForSelector('table:not([hidden])');
  expect(await problem.textContent()).toBe('');
  await tab.setInputFiles('#head', at('new.npy'));
  await tab.waitForFunction(() => document.querySelector('#problem')!.textContent !== '');
  expect(await problem.textContent()).toContain('new.npy');
  expect(problems).toEqual([]);
  await tab.close();
});
