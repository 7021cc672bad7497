import { random } from '@longtail/core';
import { evaluate } from '@longtail/metrics';
import { describe, expect, it } from 'vitest';
import { findings } from '../src/report/findings.ts';
import { reportHtml } from '../src/report/page.ts';
import { scoreTable } from '../src/report/score-table.ts';
import type { Results, Row } from '../src/results.ts';

const COUNTS = [500, 300, 150, 60, 30, 25, 12, 8, 5];
const CLASSIFIERS = ['joint', 'ncm', 'crt', 'tau', 'lws'];

/** Scores whose head, middle and tail classes are right in these shares, of 200 test pictures a class. */
function row(sampler: string, classifier: string, shares: readonly [number, number, number]): Row {
  const labels = Array.from({ length: COUNTS.length * 200 }, (_, i) => Math.floor(i / 200));
  const predictions = labels.map((c, i) =>
    i % 200 < 200 * shares[Math.floor(c / 3)]! ? c : (c + 1) % COUNTS.length,
  );
  return {
    sampler,
    classifier,
    chosen: classifier === 'tau' ? { tau: 0.7 } : {},
    scores: evaluate(predictions, labels, COUNTS),
  };
}

function results(rows: readonly Row[], change: Partial<Results['dataset']> = {}): Results {
  const samplers = [...new Set(rows.map(({ sampler }) => sampler))];
  const { uniform } = random(0, 'report');
  return {
    recipe: 'made-up',
    seed: 0,
    command: 'longtail run made-up --set "a<b"',
    options: { epochs: 3, samplers: samplers.join() },
    engine: { backend: 'torch', device: 'cpu', version: '2.15.0' },
    protocol: {
      loss: 'cross-entropy',
      groupRule: 'official',
      selectionSplit: 'validation',
      epochRule: 'last',
      batchNorm: 'frozen',
      skipped: 3,
    },
    dataset: {
      name: 'made up',
      classNames: COUNTS.map((_, c) => `<class> & "${c}"`),
      trainCounts: COUNTS,
      trainSize: 1090,
      testSize: 1800,
      samples: COUNTS.map((_, label) => ({
        label,
        height: 2,
        width: 2,
        rgb: Buffer.from(Uint8Array.from({ length: 12 }, () => 255 * uniform())).toString('base64'),
      })),
      ...change,
    },
    rows,
    history: samplers.flatMap((sampler) =>
      [1, 2, 3].map((epoch) => ({
        sampler,
        epoch,
        loss: 3 / epoch,
        learningRate: 0.1,
        trainAccuracy: epoch / 4,
        seconds: 1,
      })),
    ),
    tauCurves: samplers.map((sampler) => ({
      sampler,
      points: [0, 1].map((tau) => ({ tau, scores: rows[0]!.scores })),
    })),
    weightNorms: samplers.map((sampler) => ({
      sampler,
      classifier: 'joint',
      norms: COUNTS.map((n) => Math.log(n)),
    })),
    seconds: 75,
  };
}

const asThePaper = (sampler: string, lift: number): Row[] =>
  CLASSIFIERS.map((classifier) =>
    row(sampler, classifier, classifier === 'joint' ? [0.9, 0.5, 0.1] : [0.85, 0.6 + lift, 0.4 + lift]),
  );

describe('findings', () => {
  const verdicts = (rows: readonly Row[]) => findings(results(rows)).map(({ verdict }) => verdict);
  it('says yes where the numbers are as in the paper', () => {
    expect(verdicts([...asThePaper('instance-balanced', 0.1), ...asThePaper('class-balanced', 0)])).toEqual([
      'yes',
      'yes',
      'yes',
    ]);
  });
  it('says no where they are not', () => {
    const against = CLASSIFIERS.map((classifier) =>
      row('instance-balanced', classifier, classifier === 'joint' ? [0.9, 0.6, 0.4] : [0.7, 0.5, 0.3]),
    );
    expect(verdicts([...against, ...asThePaper('square-root', 0.2)])).toEqual(['no', 'no', 'no']);
  });
  it('does not answer what one representation cannot tell', () => {
    const [, second] = findings(results(asThePaper('instance-balanced', 0)));
    expect(second).toMatchObject({ verdict: 'not tested' });
  });
});

describe('scoreTable', () => {
  it('fits 80 columns, marks the best, and prints an empty group as a dash', () => {
    const rows = asThePaper('instance-balanced', 0).map((one) => ({
      ...one,
      scores: { ...one.scores, few: null },
    }));
    const text = scoreTable(results(rows));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/Joint +90\.0\* +50\.0 +– /);
    expect(text).toMatch(/τ-norm \(tau 0\.7\)/);
    expect(text).toContain('groups official');
  });
});

describe('reportHtml', () => {
  const rows = [...asThePaper('instance-balanced', 0.1), ...asThePaper('class-balanced', 0)];
  it('is one file that asks for nothing else, with every text escaped and every picture described', async () => {
    const page = await reportHtml(results(rows));
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    expect(page).not.toMatch(/<script|<link|src="http|url\(/);
    expect(page.replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, '')).not.toMatch(/https?:/);
    expect(page).not.toContain('<class>');
    expect(page).toContain('&lt;class&gt; &amp; &quot;0&quot;');
    for (const [image] of page.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/alt="[^"]+"/);
    for (const [svg] of page.matchAll(/<svg[^>]*role[^>]*>/g)) expect(svg).toMatch(/aria-label="[^"]+"/);
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(9);
    expect(page.length).toBeLessThan(400_000);
  });
  it('does without samples, curves, norms and history', async () => {
    const bare = {
      ...results(rows.slice(0, 5), { samples: [] }),
      history: [],
      tauCurves: [],
      weightNorms: [],
    };
    expect(await reportHtml(bare)).not.toMatch(/undefined|NaN|The pictures/);
  });
});
