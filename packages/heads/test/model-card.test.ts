import '@tensorflow/tfjs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CardOptions,
  type Classifier,
  type ClassifierParts,
  classifier,
  l2,
  linearHead,
  modelCard,
  pca,
} from '../src/index.ts';

beforeAll(useTestBackend);

const make = (more: Partial<ClassifierParts> = {}): Classifier =>
  classifier({
    head: linearHead({ featureDim: 2, numClasses: 3, seed: 0 }),
    classNames: ['cat', 'a|b *c*', 'été'],
    counts: [5, 1, 40],
    transform: l2(),
    ...more,
  });

const full: CardOptions = {
  name: 'birds: "rare" ones\n---',
  license: 'cc-by-4.0',
  description: 'Of my **garden**.',
  tags: ['birds', 'no', '1.0'],
  task: 'image-classification',
  dataset: { name: 'garden', type: 'me/garden', split: 'validation' },
  scores: [
    { type: 'accuracy', value: 0.8125 },
    { type: 'accuracy', name: 'mean of classes', value: 0.7 },
  ],
};

describe('a model card', () => {
  it('is Markdown below its metadata, the same each time, and makes no tensor', () => {
    const made = make({
      made: { by: 'longtail rebalance', note: '```' },
      temperature: 1.5,
      prior: 'uniform',
    });
    const before = tf.memory().numTensors;
    const card = modelCard(made, full);
    expect(tf.memory().numTensors).toBe(before);
    expect(modelCard(made, full)).toBe(card);
    const [, metadata, body] = card.split(/^---$/m);
    expect(metadata!.split('\n').slice(1, 12)).toEqual([
      'library_name: "longtail"',
      'license: "cc-by-4.0"',
      'pipeline_tag: "image-classification"',
      'tags:',
      '  - "longtail"',
      '  - "long-tail"',
      '  - "linear"',
      '  - "birds"',
      '  - "no"',
      '  - "1.0"',
      'metrics:',
    ]);
    for (const part of [
      '# birds: "rare" ones ---\n\nOf my **garden**.',
      'of the kind `linear` for features of 2 numbers, which are seen by these steps: l2.',
      'a prior of equally likely classes. They are calibrated by a temperature of 1.5.',
      '3 classes of 46 training rows, from 40 down to 1.',
      '| été | 40 |\n| cat | 5 |\n| a\\|b \\*c\\* | 1 |',
      '| mean of classes | 0.7 |',
      '````json\n{\n  "by": "longtail rebalance"',
    ])
      expect(body).toContain(part);
    made.dispose();
  });

  it('says neither licence nor scores where there are none, and names the width of what comes in', () => {
    const rows = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 1], [3, 4]);
    const made = make({ transform: pca(rows, { components: 2 }) });
    const card = modelCard(made, { name: 'a' });
    expect(card).not.toMatch(/license|metrics|model-index|## Scores|## How it was made/);
    expect(card).toContain(
      'features of 4 numbers, which are seen by these steps: subtract, then project to 2.',
    );
    expect(card).toContain('no prior was moved. No temperature was fitted to them');
    for (const one of [made, rows]) one.dispose();
  });

  it('lists thirty classes of many, and says that some have no rows', () => {
    const numClasses = 50;
    const head = linearHead({ featureDim: 2, numClasses, seed: 0 });
    const made = classifier({ head, counts: Array.from({ length: numClasses }, (_, c) => c) });
    const card = modelCard(made, { name: 'a' });
    expect(card).toContain('from 49 down to 0; 1 have none.');
    expect(card.match(/^\| \d+ \| \d+ \|$/gm)).toHaveLength(30);
    expect(card).toContain('And 20 classes of fewer rows.');
    made.dispose();
  });

  it('refuses scores of no dataset, or that are no numbers', () => {
    const made = make();
    const of = (more: object) => () => modelCard(made, { name: 'a', ...more });
    expect(of({ scores: full.scores })).toThrow('none is named');
    expect(of({ scores: [{ type: 'f1', value: Number.NaN }], dataset: full.dataset })).toThrow(
      'the score f1',
    );
    expect(of({ name: 3 })).toThrow(InputError);
    made.dispose();
  });

  it('is read by huggingface_hub as it was meant', (context) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python that has huggingface_hub');
      return context.skip('no LONGTAIL_PYTHON');
    }
    const made = make();
    const script = join(import.meta.dirname, 'golden/model_card.py');
    const input = modelCard(made, full);
    const found = JSON.parse(execFileSync(python, [script], { input, encoding: 'utf8' }));
    const dataset = ['me/garden', 'garden', 'validation'];
    expect(found).toEqual({
      name: full.name,
      library_name: 'longtail',
      license: 'cc-by-4.0',
      pipeline_tag: 'image-classification',
      tags: ['longtail', 'long-tail', 'linear', 'birds', 'no', '1.0'],
      metrics: ['accuracy'],
      results: [
        { task: 'image-classification', dataset, metric: ['accuracy', 'accuracy'], value: 0.8125 },
        { task: 'image-classification', dataset, metric: ['accuracy', 'mean of classes'], value: 0.7 },
      ],
    });
    made.dispose();
  });
});
