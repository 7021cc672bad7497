import { describe, expect, it } from 'vitest';
import { caveat } from '../src/caveat.ts';
import { findings } from '../src/findings.ts';
import { reportHtml } from '../src/page.ts';
import type { Results, Row } from '../src/results.ts';
import { resultsSchema } from '../src/results-schema.ts';
import { madeUpResults as results, madeUpRow as row } from '../src/testing.ts';

const CLASSIFIERS = ['joint', 'ncm', 'crt', 'tau', 'lws'];

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

describe('findings of little', () => {
  const of = (rows: readonly Row[], change: Partial<Results['dataset']> = {}) =>
    findings(results(rows, change));
  const rows = (
    joint: [number, number, number],
    other: [number, number, number],
    sampler = 'instance-balanced',
  ) => CLASSIFIERS.map((classifier) => row(sampler, classifier, classifier === 'joint' ? joint : other));

  it('are undecided where what decides is within the noise of the test pictures', () => {
    // One point better on 1,800 pictures: the half of the 95 % interval is 3 points.
    const tied = [
      ...rows([0.9, 0.5, 0.1], [0.9, 0.51, 0.12]),
      ...rows([0.9, 0.5, 0.1], [0.9, 0.5, 0.12], 'class-balanced'),
    ];
    expect(of(tied).map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'undecided']);
    // The same shares of a hundred times the pictures are another matter.
    expect(of(tied, { testSize: 180_000 }).map(({ verdict }) => verdict)).not.toContain('undecided');
  });

  it.each([
    [0.96, 'undecided'],
    [1.02, 'yes'],
  ] as const)('a difference of %f times the half of the 95 %% interval: %s', (times, verdict) => {
    const [a, n] = [0.5, 1800];
    const half = 1.96 * Math.sqrt((2 * a * (1 - a)) / n);
    const scores = (all: number) => ({ ...row('x', 'joint', [0.5, 0.5, 0.5]).scores, all, few: all });
    const pair = ['instance-balanced', 'class-balanced'].flatMap((sampler, i) =>
      ['joint', 'crt'].map((classifier) => ({
        ...row(sampler, classifier, [0.5, 0.5, 0.5]),
        scores: scores(i === 0 ? a + times * half : a),
      })),
    );
    expect(of(pair)[1]).toMatchObject({ verdict });
  });

  it('share out no gap that is within the noise, and never more than all of it', () => {
    const few = rows([0.15, 0.1, 0.1], [0.15, 0.1, 0.3]);
    const [unclear] = of(few, { testSize: 90 });
    expect(unclear).toMatchObject({
      verdict: 'undecided',
      sentence: expect.stringContaining('that gap is within the noise'),
    });
    expect(unclear!.sentence).not.toMatch(/% of the gap/);
    const [beyond] = of(few);
    expect(beyond).toMatchObject({
      verdict: 'yes',
      sentence: expect.stringContaining('which is all of the gap'),
    });
    const [below] = of(rows([0.9, 0.5, 0.3], [0.9, 0.5, 0.1]));
    expect(below).toMatchObject({
      verdict: 'no',
      sentence: expect.stringContaining('which is nothing of the gap'),
    });
  });

  it('are not given where the run does not test the claim', () => {
    const paper = [...asThePaper('instance-balanced', 0.1), ...asThePaper('class-balanced', 0)];
    const run = results(paper);
    const other = findings({ ...run, protocol: { ...run.protocol, loss: 'balanced-softmax' } });
    expect(other.map(({ verdict }) => verdict)).toEqual(['not tested', 'not tested', 'not tested']);
    expect(other[0]!.sentence).toBe(
      "The claim is about training by cross-entropy; this run's loss is balanced-softmax.",
    );
    const resampled = of(asThePaper('class-balanced', 0));
    expect(resampled.map(({ verdict }) => verdict)).toEqual(['not tested', 'not tested', 'not tested']);
  });

  it('come with a caveat where epochs or pictures were cut', async () => {
    const run = results(asThePaper('instance-balanced', 0));
    expect([caveat(run), await reportHtml(run)]).toEqual(['', expect.not.stringContaining('cut short')]);
    const cut = { ...run, protocol: { ...run.protocol, shortened: ['1 of 12 epochs'] } };
    expect(caveat(cut)).toMatch(/^This run is cut short: 1 of 12 epochs\./);
    expect(await reportHtml(cut)).toContain('This run is cut short: 1 of 12 epochs.');
  });

  it('come with a caveat where tau was chosen on training pictures that are known by heart', () => {
    const chosenOn = (selectionSplit: string, selection: number) => {
      const run = results(asThePaper('instance-balanced', 0));
      const tauCurves = run.tauCurves!.map(({ sampler, points }) => ({
        sampler,
        points: points.map((point) => ({ ...point, selection })),
      }));
      return caveat({ ...run, tauCurves, protocol: { ...run.protocol, selectionSplit } });
    };
    const training = 'class-balanced training images';
    expect(chosenOn(training, 1)).toMatch(
      /^Tau was chosen on class-balanced .*by heart \(right at the best tau: instance-balanced 100\.0 %\)/,
    );
    expect([chosenOn(training, 0.99), chosenOn('validation', 1)]).toEqual(['', '']);
  });
});

describe('reportHtml', () => {
  const rows = [...asThePaper('instance-balanced', 0.1), ...asThePaper('class-balanced', 0)];
  it('is one file that asks for nothing else, with every text escaped and every picture described', async () => {
    const page = await reportHtml(results(rows));
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    expect(page).not.toMatch(/<script [^>]*src|<link|src="http|url\(/);
    expect(page).toContain('default-src &#39;none&#39;');
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

describe('findings of compared rows', () => {
  const rows = [...asThePaper('instance-balanced', 0.1), ...asThePaper('class-balanced', 0)];
  const ends = (sampler: string, classifier: string, column: 'few' | 'all') => ({
    sampler,
    classifier,
    column,
  });
  const compared = (verdict: 'better' | 'worse' | 'undecided') => ({
    question: 'q',
    difference: 0.1,
    low: 0.05,
    high: 0.15,
    p: 0.5,
    adjusted: 0.5,
    detectable: 0.123,
    verdict,
  });
  const own = ends('instance-balanced', 'ncm', 'all');
  const other = ends('class-balanced', 'ncm', 'all');
  const second = (comparisons: Results['comparisons']) =>
    findings({ ...results(rows), comparisons: comparisons! })[1]!;

  it.each([
    ['better', 'yes'],
    ['worse', 'no'],
    ['undecided', 'undecided'],
  ] as const)(
    'go by what the same test pictures say: %s is %s, whichever is named first',
    (found, verdict) => {
      const turned = ({ better: 'worse', worse: 'better', undecided: 'undecided' } as const)[found];
      expect(second([{ ...compared(found), first: own, second: other }]).verdict).toBe(verdict);
      expect(second([{ ...compared(turned), first: other, second: own }]).verdict).toBe(verdict);
    },
  );

  it('go by every other representation, not by the best other one alone', () => {
    const third = ends('square-root', 'ncm', 'all');
    const run = results([...rows, ...asThePaper('square-root', -0.01)]);
    const of = (toOther: 'better' | 'undecided', toThird: 'worse' | 'undecided') =>
      findings({
        ...run,
        comparisons: [
          { ...compared(toOther), first: own, second: other },
          { ...compared(toThird), first: own, second: third },
        ],
      });
    expect(of('better', 'undecided')[1]).toMatchObject({
      verdict: 'undecided',
      sentence: expect.stringMatching(/square-root, at 61\.0 %, is what decides\. These .* of 12\.3 points/),
    });
    expect(of('undecided', 'worse').map(({ verdict }) => verdict)).toEqual(['mixed', 'no', 'yes']);
    expect(of('undecided', 'worse')[0]!.sentence).toContain('features learned with square-root sampling');
  });

  it('say what would have been seen where nothing was', () => {
    const { sentence } = second([{ ...compared('undecided'), first: own, second: other }]);
    expect(sentence).toMatch(/would most likely have shown a difference of 12\.3 points\.$/);
    expect(second([{ ...compared('better'), first: own, second: other }]).sentence).not.toMatch(/12\.3/);
  });
});

describe('resultsSchema', () => {
  const whole = results(asThePaper('instance-balanced', 0));
  it('takes what is whole, and names the path of what is not', () => {
    expect(resultsSchema.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
    const counts = { ...whole, dataset: { ...whole.dataset, trainCounts: [1] } };
    expect(resultsSchema.safeParse(counts).error?.issues[0]?.path).toEqual(['dataset', 'trainCounts']);
    expect(resultsSchema.safeParse({ ...whole, version: 0 }).error?.issues[0]?.path).toEqual(['version']);
    expect(resultsSchema.safeParse(whole).success).toBe(true);
  });
});
