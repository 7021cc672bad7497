/** Results that are of the form, and that nobody's own run has: the page says of them what is so. */
import { expect, it } from 'vitest';
import { resultsMarkdown } from '../src/markdown.ts';
import { reportHtml } from '../src/page.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const joint = madeUpRow('instance-balanced', 'joint', [0.9, 0.5, 0.1]);

it('writes the names of what every object has', () => {
  const rows = [madeUpRow('toString', 'constructor', [0.9, 0.5, 0.1])];
  expect(resultsMarkdown(madeUpResults(rows))).toContain('| toString | constructor |');
});

it('marks the same numbers as the best on the page and in the table to copy', async () => {
  const rows = [joint, madeUpRow('instance-balanced', 'crt', [0.90004, 0.4, 0.2])];
  const results = madeUpResults(rows);
  expect((await reportHtml(results)).match(/<td class="n best">90\.0/g)).toHaveLength(2);
  expect(resultsMarkdown(results).match(/\*\*90\.0\*\*/g)).toHaveLength(2);
});

it('prints no interval without a width, as a bootstrap has of pictures that are all wrong', async () => {
  const intervals = { few: [0, 0], all: [0.4, 0.5] } as const;
  const page = await reportHtml(
    madeUpResults([{ ...joint, scores: { ...joint.scores, few: 0, intervals } }]),
  );
  expect(page).toContain('40.0–50.0');
  expect(page.includes('>0.0–0.0<')).toBe(false);
});

it('correlates no accuracies that nobody has given', async () => {
  const { perClass: _, ...scores } = joint.scores;
  const rows = [{ ...joint, scores }, madeUpRow('instance-balanced', 'crt', [0.9, 0.5, 0.1])];
  const page = await reportHtml(madeUpResults(rows));
  expect(page).toMatch(/training count correlate by 0\.9\d \(cRT\)\./);
});

it('stands the names of many classifiers upright, each beside the next', async () => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    madeUpRow('instance-balanced', `classifier ${i}`, [0.9, 0.5, 0.1]),
  );
  const page = await reportHtml(madeUpResults([joint, ...rows]));
  const figure = page.slice(page.indexOf('<figure id="figure-1"')).split('</figure>')[0]!;
  expect(/rotate\(270\)[^>]*>classifier \d+</.test(figure)).toBe(true);
  expect(figure.includes('>90.0</text>')).toBe(false);
});
