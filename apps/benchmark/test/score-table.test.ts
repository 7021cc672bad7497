import { madeUpResults, madeUpRow } from '@longtail/report/testing';
import { describe, expect, it } from 'vitest';
import demo from '../recipes/demo.ts';
import { withSettings } from '../src/settings.ts';
import { leftOut, shortenedRun } from '../src/shortened.ts';
import { scoreTable } from '../src/text/score-table.ts';

describe('a run cut short', () => {
  it('the caveat names what is less than the recipe has, and nothing else', async () => {
    const options = withSettings(demo, []);
    const asked = { ...options, epochs: 2, imagesPerEpoch: 2000, headEpochs: 10 };
    expect(leftOut(demo, asked, { trainSize: 4016 })).toEqual([
      '2 of 12 epochs',
      '2,000 of 4,016 pictures an epoch',
    ]);
    expect(leftOut(demo, { ...options, epochs: 20, imagesPerEpoch: 5000 }, { trainSize: 4016 })).toEqual([]);
    expect(await shortenedRun({ recipe: 'demo', options: asked }, { trainSize: 4016 })).toHaveLength(2);
    expect(await shortenedRun({ recipe: '/no/more.ts', options: asked }, { trainSize: 4016 })).toEqual([]);
  });
});

describe('scoreTable', () => {
  it('fits 80 columns, marks the best, and prints an empty group as a dash', () => {
    const rows = ['joint', 'tau'].map((classifier) => {
      const one = madeUpRow('instance-balanced', classifier, [0.9, 0.5, 0.4]);
      return {
        ...one,
        scores: { ...one.scores, few: null },
      };
    });
    const text = scoreTable(madeUpResults(rows));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/Joint +90\.0\* +50\.0\* +– /);
    expect(text).toMatch(/τ-norm \(tau 0\.7\)/);
    expect(text).toContain('groups official');
  });
});
