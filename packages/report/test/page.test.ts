import { describe, expect, it } from 'vitest';
import { COLORS } from '../src/colors.ts';
import { csvLink } from '../src/csv-link.ts';
import { html } from '../src/markup.ts';
import { reportHtml } from '../src/page.ts';
import { publishedTable } from '../src/published-table.ts';
import type { Results } from '../src/results.ts';
import { resultsSchema } from '../src/results-schema.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';
import { wholeResults } from './whole-results.ts';

const whole = wholeResults();
const page = await reportHtml(whole);
const text = (markup: string) =>
  markup
    .replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** Of a link that saves, what it saves. */
const saved = (markup: string) =>
  decodeURIComponent(/href="data:text\/csv;charset=utf-8,([^"]+)"/.exec(markup)![1]!);
const figureOf = (id: string) => page.slice(page.indexOf(`<figure id="${id}"`)).split('</figure>')[0]!;

describe('the results of a whole page', () => {
  it('are of the published form, every part of them', () => {
    expect(resultsSchema.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });
});

describe('a page of everything', () => {
  it.each([
    [
      'figure-1',
      'takes accuracy on all classes from 50.0 to 68.3 % and few-shot accuracy from 10.0 to 50.0 %',
    ],
    [
      'figure-2-norms',
      'correlation of a class&#39;s weight norm with the log of its training count is 1.00 (Joint)',
    ],
    ['figure-2-tau', 'many-shot accuracy goes from 90.0 to 90.0 %'],
    ['classes', 'The largest class has 500 training pictures and the smallest 5 (100:1)'],
    ['accuracy-by-class', 'training count correlate by'],
    ['confusion-by-group', 'is taken for a wrong many-shot class is 50.0 % by Joint and 50.0 % by NCM'],
    ['reliability', 'calibration error of few-shot test pictures is 12.5 % (Joint), 12.5 % (NCM)'],
    ['learning-curves', 'reached 75.0 % after epoch 3 (instance-balanced)'],
  ])('has %s with the sentence that it supports, and its numbers to save', (id, sentence) => {
    expect(figureOf(id)).toContain(sentence);
    expect(saved(figureOf(id)).split('\n').length).toBeGreaterThan(2);
    expect(figureOf(id)).toContain(`download="${id}.csv"`);
  });

  it('draws each panel once for a narrow and once for a wide place, in pixels', () => {
    const sizes = [...page.matchAll(/<svg class="(\w+)" width="(\d+)" height="\d+" viewBox="0 0 (\d+) /g)];
    expect(new Set(sizes.map(([, ...size]) => size.join()))).toEqual(
      new Set(['narrow,336,336', 'wide,448,448']),
    );
    expect(sizes.length % 2).toBe(0);
  });

  it('shows intervals below their numbers, and as bars', () => {
    expect(text(page)).toContain('68.3 40.0–75.0');
    expect(figureOf('figure-1')).toMatch(
      /<title>NCM on instance-balanced features: 50\.0 % \(5\.0 to 60\.0\)</,
    );
    expect(saved(figureOf('figure-1')).split('\n')[1]).toMatch(/^instance-balanced,joint,0.9,0.5,0.1,0.5,/);
  });

  it('marks the chosen tau and draws what it was chosen by', () => {
    expect(figureOf('figure-2-tau')).toContain('τ = 0.7</text>');
    expect(figureOf('figure-2-tau')).toContain('selection split');
    expect(saved(figureOf('figure-2-tau'))).toContain('instance-balanced,1,0.9,0.5,0.1,0.5,0.6');
  });

  it('shows what rows are against one another, and which differences are decided', () => {
    expect(text(page)).toContain('Of 2 comparisons 1 are decided.');
    expect(text(page)).toMatch(
      /cRT − Joint classifiers on instance-balanced few \+40\.0 \+30\.0 to \+50\.0 &lt;0\.001 better/,
    );
    expect(text(page)).toMatch(/all \+15\.0 −20\.0 to \+50\.0 0\.500 undecided/);
  });

  it('says what made it', () => {
    const made = text(page.slice(page.indexOf('<section id="made">')));
    for (const fact of [
      'longtail run made-up',
      '1.2.3, commit 0123456789ab',
      'v26.0.0',
      'torch 2.15.0 on cpu',
    ])
      expect(made).toContain(fact);
    for (const fact of ['threads 2', 'A processor x 2', '2026-01-02T03:04:05.000Z', 'seed 0', 'aaaaaaaa'])
      expect(made).toContain(fact);
    expect(made).toContain('chosen on validation, 720 pictures');
    expect(made).toContain('features, instance-balanced sha256 0123abcd');
  });

  it('shows few-shot pictures that re-balancing corrected, and those that both had right', () => {
    expect(text(page)).toContain(
      'Of 2 few-shot test pictures, the first of each class, Joint has 1 right and NCM 2.',
    );
    expect(text(page)).toMatch(/Corrected 1 class 6 Joint ✗ class 0 NCM ✓ right Right by both 1/);
  });

  it('has every class in a table that sorts by numbers', () => {
    const table = page.slice(page.indexOf('data-filter="Find a class or')).split('</table>')[0]!;
    expect(table.match(/<tr>/g)).toHaveLength(10);
    expect(table).toContain(
      '<th scope="row">class 0</th><td>many</td><td class="n" data-value="500">500</td>',
    );
  });
});

describe('a page of less', () => {
  const parts = [
    'comparisons',
    'testCounts',
    'confusions',
    'reliability',
    'answers',
    'selectionSize',
    'hashes',
    'made',
  ] as const;
  it.each(parts)('does without %s', async (part) => {
    const { [part]: _, ...less } = whole;
    expect(text(await reportHtml(less))).not.toMatch(/undefined|NaN|\[object/);
  });
  it('does with one row, of a classifier of its own', async () => {
    const one = await reportHtml(madeUpResults([madeUpRow('mine', 'my-head', [0.5, 0.4, 0.3])]));
    expect(text(one)).toContain('is 40.0 %: my-head on mine features');
    expect(text(one)).not.toMatch(/undefined|NaN/);
  });
});

describe('published numbers', () => {
  const of = (change: Partial<Results['dataset']>) =>
    publishedTable({ ...whole, dataset: { ...whole.dataset, ...change } });
  it('stand beside these, with the difference', () => {
    expect(text(of({})!.markup)).toContain('NCM instance-balanced 85.0 56.6 +28.4 70.0 45.3 +24.7');
    expect(text(of({})!.markup)).toContain('Theirs: ResNeXt-50, 90 epochs');
  });
  it('come with the loss and the groups that differ, and are of no other groups', () => {
    const other = { ...whole.protocol, loss: 'ldam', groupRule: 'oltr' };
    const found = text(publishedTable({ ...whole, protocol: other })!.markup);
    expect(found).toContain('The loss here is ldam, theirs cross-entropy. Groups here are by the rule oltr');
    expect(found).toMatch(/NCM instance-balanced – – – \d/);
    expect(text(of({})!.markup)).not.toMatch(/The loss here|Groups here/);
  });
  it('are those of the set and its imbalance alone', () => {
    expect(of({ name: 'my-set' })).toBeNull();
    expect(text(of({ name: 'cifar-10-lt/train' })!.markup)).toContain(
      'Joint instance-balanced – – – 50.0 70.4 −20.4',
    );
    expect(of({ name: 'cifar-10-lt/train', trainCounts: [90, 40, 30, 20, 10, 9, 8, 7, 3] })).toBeNull();
  });
});

describe('numbers to save', () => {
  it('are CSV, whatever a class is called', () => {
    const link = csvLink('x', [
      { class: 'a, "b"\n<c>', value: null },
      { class: '=1', value: 0.5 },
    ])!;
    expect(saved(html`${link}`.markup)).toBe('class,value\n"a, ""b""\n<c>",""\n=1,0.5\n');
    expect(csvLink('x', [])).toBeNull();
  });
});

describe('colours', () => {
  const luminance = (hex: string) =>
    [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, i) => sum + [0.2126, 0.7152, 0.0722][i]! * value, 0);
  it.each(COLORS.split('@media screen').map((part, i) => [['light', 'dark'][i]!, part] as const))(
    'stand 3 : 1 against the %s paper (WCAG 1.4.11), and are each of one name',
    (_, part) => {
      const colors = new Map([...part.matchAll(/--(\w+): (#\w{6})/g)].map(([, name, hex]) => [name!, hex!]));
      const marks = [...colors].filter(([name]) => /^(ink|many|medium|few|[ck]\d)$/.test(name));
      const paper = luminance(colors.get('paper')!);
      for (const [name, hex] of marks) {
        const [low, high] = [paper, luminance(hex)].sort((a, b) => a - b) as [number, number];
        expect([name, (high + 0.05) / (low + 0.05) >= 3]).toEqual([name, true]);
      }
      expect(marks).toHaveLength(20);
      expect(new Set(marks.map(([, hex]) => hex)).size).toBe(20);
    },
  );
});
