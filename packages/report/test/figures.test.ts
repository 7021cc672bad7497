import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { figures } from '../src/figures.ts';
import { reportHtml } from '../src/page.ts';
import { pngOf } from '../src/png.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const rows = ['instance-balanced', '<&> "x"'].flatMap((sampler) =>
  ['joint', 'crt', 'tau'].map((classifier, i) => madeUpRow(sampler, classifier, [0.9, 0.5 + i / 10, 0.1])),
);
const results = madeUpResults(rows);
const drawn = await figures(results);

describe('figures', () => {
  it('are all charts of the page, each with a name and a caption of its own', async () => {
    const page = await reportHtml(results);
    expect(drawn.length).toBe(page.match(/<svg class="wide"/g)!.length);
    expect(new Set(drawn.map(({ name }) => name)).size).toBe(drawn.length);
    for (const { name, caption } of drawn) {
      expect(name).toMatch(/^\d\d-[\p{L}\p{N}._-]+$/u);
      expect(caption).not.toMatch(/&\w+;|<\w+>/);
    }
  });

  it('need no style sheet, and have the legend that the page has beside them', () => {
    for (const { svg } of drawn) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s);
      expect(svg).not.toMatch(/var\(|undefined|NaN/);
      expect(svg.match(/<svg/g)!.length).toBe(svg.match(/<\/svg>/g)!.length);
    }
    expect(drawn[0]!.svg).toContain('</tspan> instance-balanced');
    expect(drawn[0]!.svg).toContain('</tspan> &lt;&amp;&gt; &quot;x&quot;');
    expect(drawn.at(-1)!.svg).toContain('</tspan> instance-balanced');
  });
});

describe('pngOf', () => {
  it('draws every figure: two pixels a unit, paper around, ink within', { timeout: 30_000 }, async () => {
    for (const { name, svg } of drawn) {
      const { width, height, data, channels } = decode(await pngOf(svg));
      const [, unitsWide, unitsHigh] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number);
      expect([name, width, height]).toEqual([name, 2 * unitsWide!, Math.round(2 * unitsHigh!)]);
      expect([...data.subarray(0, 3)]).toEqual([0xfd, 0xfc, 0xfa]);
      const dark = data.filter((value, i) => i % channels === 0 && value < 0x40).length;
      expect([name, dark > 100]).toEqual([name, true]);
    }
  });
  it('without sharp says what to install', async () => {
    const without = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name === 'sharp') throw new Error('gone');
        return next(name, context);
      } });
      const { pngOf } = await import('${join(import.meta.dirname, '../src/png.ts')}');
      await pngOf('<svg/>').catch((error) => console.log(error.name, error.message));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', without]);
    expect(stdout).toMatch(
      /^EngineError expected the package sharp, .*; install it \(npm install sharp\)\.\n$/,
    );
  });
  it('takes a scale', async () => {
    expect(decode(await pngOf(drawn[0]!.svg, { scale: 1 })).width).toBe(448);
  });
});
