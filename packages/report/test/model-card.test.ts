import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { modelCard, modelCards } from '../src/model-card.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const results = madeUpResults([
  madeUpRow('instance-balanced', 'joint', [0.9, 0.5, 0.1]),
  madeUpRow('instance-balanced', 'tau', [0.8, 0.6, 0.4]),
]);
const which = { sampler: 'instance-balanced', classifier: 'tau' };
const metadataOf = (card: string) => parse(/^---\n(.*?)\n---\n/s.exec(card)![1]!);

describe('modelCard', () => {
  it("has the row's scores where the Hub looks for them", () => {
    const metadata = metadataOf(modelCard(results, { ...which, license: 'mit' }));
    expect(metadata).toMatchObject({
      license: 'mit',
      pipeline_tag: 'image-classification',
      datasets: ['made-up'],
      'model-index': [{ name: 'made-up', results: [{ dataset: { name: 'made up', split: 'test' } }] }],
    });
    const [{ metrics }] = metadata['model-index'][0].results;
    expect(metrics[0]).toEqual({ type: 'accuracy', value: 0.6, name: 'Accuracy' });
    expect(metrics.map(({ value }: { value: number }) => value).slice(1, 4)).toEqual([0.8, 0.6, 0.4]);
    expect(metrics.at(-1)).toMatchObject({ type: 'f1' });
    expect(metadataOf(modelCard(results, which)).license).toBeUndefined();
  });
  it('says the rest in words', () => {
    const card = modelCard(
      { ...results, protocol: { ...results.protocol, shortened: ['1 of 12 epochs'] } },
      which,
    );
    expect(card).toContain('| few-shot | 3 | 25 | 40.0 |');
    expect(card).toContain('- chosen on validation');
    expect(card).toContain('- cut short: 1 of 12 epochs');
    expect(card).toContain('    longtail run made-up');
  });
  it('is whole, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const metadata = metadataOf(
          modelCard({ ...results, name, dataset: { ...results.dataset, name } }, which),
        );
        expect(metadata['model-index'][0].name).toBe(name);
        expect(metadata['model-index'][0].results[0].dataset.name).toBe(name);
      }),
    );
  });
  it('is there for every row, under a name that stays in its folder', () => {
    const [first] = results.rows;
    const rows = [...results.rows, { ...first!, sampler: '../x' }, { ...first!, sampler: '../../x' }];
    expect(modelCards({ ...results, rows }).map(({ name }) => name)).toEqual([
      'instance-balanced-joint.md',
      'instance-balanced-tau.md',
      'x-joint.md',
      'x-joint-2.md',
    ]);
  });
  it('refuses a row that is not there', () => {
    expect(() => modelCard(results, { ...which, classifier: 'lws' })).toThrow(
      /such as instance-balanced and joint/,
    );
  });
  it('is read by huggingface_hub, where LONGTAIL_PYTHON has it', ({ skip }) => {
    const python = process.env.LONGTAIL_PYTHON;
    const script = `
import json, sys
try:
    from huggingface_hub import ModelCard
except ImportError:
    sys.exit(print("null"))
data = ModelCard(sys.stdin.read()).data
print(json.dumps([data.model_name, data.tags, [[e.metric_type, e.metric_value, e.dataset_name] for e in data.eval_results]]))`;
    const input = modelCard(results, which);
    const read = python && JSON.parse(execFileSync(python, ['-c', script], { input, encoding: 'utf8' }));
    if (!read) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with huggingface_hub');
      return skip('no huggingface_hub');
    }
    const [name, tags, scores] = read;
    expect([name, tags[0], scores.length]).toEqual(['made-up', 'image-classification', 6]);
    expect(scores[0]).toEqual(['accuracy', 0.6, 'made up']);
  });
});
