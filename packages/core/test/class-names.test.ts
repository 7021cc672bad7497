import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf, DataError } from '../src/index.ts';

const place = (index: number) => `line ${index + 2}`;
const of = (labels: string[], classNames?: string[]) => {
  const found = classesOf(labels, { classNames, place });
  return [[...found.classes], found.classNames];
};

describe('classesOf', () => {
  it('takes whole numbers by their value, however they are written', () => {
    expect(of(['0.0', '2.0', '10.0'])[0]).toEqual([0, 2, 10]);
    expect(of([' 01', '1 ', '+1', '1.', '1e0', '1.000000000000000000e+00'])).toEqual([
      [1, 1, 1, 1, 1, 1],
      ['0', '1'],
    ]);
    expect(of(['1e1'])[0]).toEqual([10]);
  });

  it('numbers names in the order of their code units', () => {
    expect(of(['wren', 'auk', 'Wren', 'wren'])).toEqual([
      [2, 1, 0, 2],
      ['Wren', 'auk', 'wren'],
    ]);
    expect(of(['True', 'False'])[0]).toEqual([1, 0]);
    expect(of(['0x1f', '1_0', 'Infinity', '.'])[1]).toHaveLength(4);
  });

  it('takes the places of given names, and no other class', () => {
    expect(of(['wren'], ['auk', 'wren'])).toEqual([[1], ['auk', 'wren']]);
    expect(of(['2.0', '02'], ['0', '1', '2'])[0]).toEqual([2, 2]);
    expect(of(['2b', '2'], ['2', '2b'])[0]).toEqual([1, 0]);
    expect(() => of(['auk', 'owl'], ['auk', 'wren'])).toThrow(
      'expected one of the 2 class names in line 3, but "owl" is none of them',
    );
  });

  it.each([
    [['0', '-1'], 'expected whole labels from 0, below 1000000, but line 3 has -1'],
    [['0', '0.5'], 'line 3 has 0.5'],
    [['999999999'], 'line 2 has 999999999'],
    [['1e999'], 'line 2 has 1e999'],
    [['1', 'cat'], 'line 2 has "1" and line 3 "cat"; mend the labels'],
    [['nan', '2'], 'line 3 has "2" and line 2 "nan"'],
    [['cat', ' \t'], 'expected a label in line 3, but it is blank'],
  ])('refuses %j with the line', (labels, message) => {
    expect(() => of(labels)).toThrow(DataError);
    expect(() => of(labels)).toThrow(message);
  });

  it('gives numbers back as they were, whatever their order and their number', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300_000), { minLength: 1, maxLength: 50 }), (numbers) => {
        const { classes } = classesOf(
          numbers.map((n) => `${n}.0`),
          { place },
        );
        expect([...classes]).toEqual(numbers);
      }),
      { numRuns: 30 },
    );
    const many = Array.from({ length: 200_000 }, (_, i) => String(i));
    expect(classesOf(many, { place }).classNames).toHaveLength(200_000);
  });
});
