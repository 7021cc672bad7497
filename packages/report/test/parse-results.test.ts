import { DataError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseResults } from '../src/parse-results.ts';
import type { Comparison, Results } from '../src/results.ts';
import { resultsJsonSchema } from '../src/results-schema.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const whole = madeUpResults([madeUpRow('instance-balanced', 'joint', [0.9, 0.5, 0.1])]);
const json = JSON.stringify(whole);

/** The gap between head and tail of the one row. */
const compared = (other: Partial<Comparison> = {}): Comparison => ({
  question: 'gap',
  first: { sampler: 'instance-balanced', classifier: 'joint', column: 'many' },
  second: { sampler: 'instance-balanced', classifier: 'joint', column: 'medium' },
  ...{ difference: 0.4, low: 0.3, high: 0.5, p: 0.01, adjusted: 0.01, verdict: 'better', detectable: 0.1 },
  ...other,
});

/** A copy with one value changed; undefined takes it away. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = JSON.parse(json);
  let inside = copy;
  for (const key of path.slice(0, -1)) inside = inside[key];
  inside[path.at(-1)!] = value;
  return JSON.parse(JSON.stringify(copy));
}

function complaint(given: unknown): { message: string; at: unknown } {
  try {
    parseResults(given, { path: 'mine.json' });
  } catch (error) {
    if (error instanceof DataError) return { message: error.message, at: error.details.at };
    throw error;
  }
  throw new Error('expected an error');
}

describe('parseResults', () => {
  it('takes text and values, and leaves out what is not of the form', () => {
    expect(parseResults(json)).toEqual(whole);
    expect(parseResults(`\uFEFF${json}`)).toEqual(whole);
    expect(parseResults({ ...whole, notes: 'mine' })).toEqual(whole);
    expect(parseResults({ ...whole, comparisons: [compared()] }).comparisons).toEqual([compared()]);
  });

  it.each([
    [['rows', 0, 'scores', 'all'], 1.2, 'rows[0].scores.all: expected number to be <=1, but got 1.2'],
    [['rows', 0, 'scores', 'all'], null, 'rows[0].scores.all: expected number, but got null'],
    [['rows', 0, 'scores', 'perClass'], [0.5], 'perClass: expected a value for each of 9 classes, but got 1'],
    [['rows'], [], 'rows: expected array to have >=1 items, but got an array of 0'],
    [['name'], undefined, 'name: expected string, but got nothing'],
    [['version'], 2, 'version: expected 1, but got 2'],
    [['options', 'epochs'], null, 'options.epochs: expected string or number or boolean, but got null'],
    [['dataset', 'trainCounts'], [1], 'expected as many counts as classes, 9, but got 1'],
    [['dataset', 'groups', 'few', 0], 9, 'dataset.groups.few[0]: expected a label below 9, but got 9'],
    [['dataset', 'groups', 'few', 0], 0, 'dataset.groups: expected each label in one group, but 0 is in 2'],
    [
      ['protocol', 'epochRule'],
      'first',
      'protocol.epochRule: expected one of "last"|"best", but got "first"',
    ],
    [['testCounts'], [20], 'testCounts: expected a value for each of 9 classes, but got 1'],
    [
      ['rows', 1],
      whole.rows[0],
      'rows[1]: expected each row once, but joint on instance-balanced is there again',
    ],
    [
      ['rows', 0, 'scores', 'intervals'],
      { all: [0.6, 0.4] },
      'expected an interval from low to high, but got 0.6 to 0.4',
    ],
    [
      ['dataset', 'samples', 0, 'rgb'],
      'AAAA',
      'expected the RGB bytes of 2 x 2 pixels in base64, 16 signs, but got 4',
    ],
    [['dataset', 'samples', 0, 'rgb'], '"><img src=x>...', 'samples[0].rgb: expected the RGB bytes of 2 x 2'],
    [['dataset', 'samples', 0, 'label'], 9, 'samples[0].label: expected a label below 9, but got 9'],
    [
      ['comparisons'],
      [compared({ verdict: 'worse' })],
      "verdict: expected a verdict of the difference's sign, but got worse of 0.4",
    ],
    [['comparisons'], [compared({ low: 0.6 })], 'expected an interval from low to high, but got 0.6 to 0.5'],
    [
      ['comparisons'],
      [compared({ second: { ...compared().second, classifier: 'crt' } })],
      'comparisons[0]: expected two of the rows, but crt on instance-balanced is none',
    ],
    [
      ['confusions'],
      [
        {
          sampler: 'a',
          classifier: 'b',
          groups: [],
          pairs: [{ truth: 9, prediction: 0, count: 1, share: 1 }],
        },
      ],
      'pairs[0].truth: expected a label below 9',
    ],
    [
      ['answers'],
      [
        {
          label: 0,
          height: 1,
          width: 1,
          rgb: 'AAAA',
          answers: [{ sampler: 'a', classifier: 'b', prediction: 9 }],
        },
      ],
      'answers[0].prediction: expected a label below 9',
    ],
    [['engine'], 'torch', 'engine: expected object, but got "torch"'],
  ] as const)('%j = %j: %s', (path, value, text) => {
    const { message, at } = complaint(changed(path, value));
    expect(message).toContain(text);
    expect(message).toMatch(/^mine\.json, .*; correct it\.$/);
    expect((at as unknown[])[0]).toBe(path[0]);
  });

  it('names the score of a group without classes', () => {
    const groups = { many: [0, 1, 2, 3, 4, 5], medium: [], few: [6, 7, 8] };
    expect(complaint(changed(['dataset', 'groups'], groups)).message).toBe(
      'mine.json, rows[0].scores.medium: expected null of a group without classes, but got 0.5; correct it.',
    );
  });

  it('names what is no JSON, and no object', () => {
    expect(complaint(json.slice(0, 50)).message).toMatch(
      /^expected JSON in mine\.json, but got something else/,
    );
    expect(complaint('[]').message).toBe('mine.json: expected object, but got an array of 0; correct it.');
  });
});

describe('the JSON Schema', () => {
  it('is published', async () => {
    const text = `${JSON.stringify(resultsJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../schemas/results.json');
  });
  it('takes what parseResults does, with keys that are not of the form', () => {
    const schema = z.fromJSONSchema(resultsJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
    const { name, dataset, rows } = whole;
    const few: Results = { name, dataset, rows };
    for (const given of [whole, few, { ...few, stamps: {}, dataset: { ...dataset, fingerprints: {} } }])
      expect(schema.safeParse(given).error).toBeUndefined();
    for (const key of ['name', 'dataset', 'rows'])
      expect(schema.safeParse({ ...whole, [key]: undefined }).success).toBe(false);
    expect(schema.safeParse({ ...whole, version: 2 }).success).toBe(false);
  });
});
