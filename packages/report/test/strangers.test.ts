/** Results of somebody who has little of what a run has. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { caveat } from '../src/caveat.ts';
import { resultsCsv } from '../src/csv.ts';
import { figures } from '../src/figures.ts';
import { findings } from '../src/findings.ts';
import { resultsLatex } from '../src/latex.ts';
import { resultsMarkdown } from '../src/markdown.ts';
import { modelCard } from '../src/model-card.ts';
import { reportHtml } from '../src/page.ts';
import type { Results, Row } from '../src/results.ts';
import { tensorBoardFiles } from '../src/tensorboard/event-files.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const { dataset, ...run } = madeUpResults(
  ['joint', 'tau'].map((classifier) => madeUpRow('instance-balanced', classifier, [0.9, 0.5, 0.1])),
);
const { trainSize: _, samples: __, ...sizes } = dataset;
const bareRow = ({ sampler, classifier, scores: { all, many, medium, few } }: Row): Row => ({
  sampler,
  classifier,
  scores: { all, many, medium, few },
});
const needed: Results = { name: run.name, dataset: sizes, rows: run.rows.map(bareRow) };

const WRONG = /undefined|NaN|\[object|null/;
/** Of the page, without its script. */
const page = async (results: Results) => (await reportHtml(results)).replace(/<script>[\s\S]*<\/script>/, '');

it('a name, a set and rows are enough for everything', async () => {
  const found = await page(needed);
  expect(found).not.toMatch(WRONG);
  expect(found).toContain('1,090 training pictures');
  for (const heading of ['What made it', 'The pictures', 'Figure 2', 'Learning the representation'])
    expect(found).not.toContain(heading);
  expect(findings(needed)[0]).toMatchObject({
    verdict: 'not tested',
    sentence: 'The claim is about training by cross-entropy; these results do not say their loss.',
  });
  expect((await figures(needed)).length).toBe(5);
});

const optional = Object.keys(run).filter((key) => key !== 'name' && key !== 'rows');

it('whatever else is there or not, texts and files say nothing of what is not', () => {
  fc.assert(
    fc.property(fc.subarray(optional), fc.boolean(), (keys, isBare) => {
      const kept = Object.fromEntries(Object.entries(run).filter(([key]) => keys.includes(key)));
      const results = { ...needed, ...kept, ...(isBare ? {} : { dataset, rows: run.rows }) };
      const texts = [resultsCsv(results), resultsMarkdown(results), resultsLatex(results), caveat(results)];
      texts.push(modelCard(results, { sampler: 'instance-balanced', classifier: 'tau' }));
      texts.push(...findings(results).map(({ sentence }) => sentence));
      for (const text of texts) expect(text).not.toMatch(WRONG);
      expect(tensorBoardFiles(results).length).toBe(keys.includes('history') ? 3 : 2);
    }),
    { numRuns: 60 },
  );
});

it.each(optional)('the page does without %s', async (key) => {
  const { [key as keyof typeof run]: _, ...others } = run;
  expect(await page({ ...others, dataset } as Results)).not.toMatch(WRONG);
});
