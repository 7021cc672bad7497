import { describe, expect, it } from 'vitest';
import { type Dataset, expectSameClasses, lackingClasses } from '../../src/index.ts';

const set = (name: string, classNames: string[], labels = [0]): Dataset => ({
  name,
  length: labels.length,
  labels: Int32Array.from(labels),
  classNames,
  read: () => ({ data: new Uint8Array(3), height: 1, width: 1, channels: 3 }),
});
const train = set('folder/train', ['ant', 'bee', 'cat']);

describe('splits', () => {
  it('may lack classes, but not shift them', () => {
    expectSameClasses({ train, test: set('test', ['ant', 'bee', 'cat']), validation: undefined });
    expectSameClasses({ train, test: set('test', ['ant', 'bee']) });
    expectSameClasses({ validation: set('a', ['x']), test: set('b', ['y']) });
    expect(() => expectSameClasses({ train, test: set('folder/test', ['ant', 'cat']) })).toThrow(
      'expected label 1 of test (folder/test) to be "bee", as in train, but it is "cat"; open test with the classNames of train.',
    );
    expect(() => expectSameClasses({ train, test: set('t', ['ant', 'bee', 'cat', 'dog']) })).toThrow(
      'to be no class: train has 3, but it is "dog"',
    );
  });

  it('are told what they lack', () => {
    expect(lackingClasses(set('test', [], [2, 0, 2]), train)).toEqual(['bee']);
  });
});
