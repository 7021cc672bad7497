import { random } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { mutated } from '../src/mutations.ts';

const FILES = [Buffer.from('{"shape": [12, 34]}'.repeat(30)), Buffer.alloc(1000, 7)];

describe('mutated', () => {
  it('is a function of its stream, changes most files, and leaves the originals alone', () => {
    const originals = FILES.map((file) => Buffer.from(file));
    const draw = (i: number) => mutated(FILES, random(5, i));
    const inputs = Array.from({ length: 500 }, (_, i) => draw(i));
    for (const [i, input] of inputs.entries()) expect(Buffer.compare(input, draw(i))).toBe(0);
    expect(FILES).toEqual(originals);
    const same = inputs.filter((input) => FILES.some((file) => Buffer.compare(file, input) === 0));
    expect(same.length).toBeLessThan(25);
    expect(new Set(inputs.map((input) => Buffer.from(input).toString('latin1'))).size).toBeGreaterThan(450);
  });

  it('makes shorter files, longer ones, empty ones, and other numbers', () => {
    const inputs = Array.from({ length: 2000 }, (_, i) => mutated(FILES, random(5, i)));
    expect(inputs.some((input) => input.length === 0)).toBe(true);
    expect(inputs.some((input) => input.length > 1000)).toBe(true);
    expect(inputs.some((input) => Buffer.from(input).includes('9007199254740993'))).toBe(true);
  });
});
