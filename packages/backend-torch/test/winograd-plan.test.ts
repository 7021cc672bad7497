/** Which convolutions are computed by Winograd's way. */
import { describe, expect, it } from 'vitest';
import { winogradPlan, winogradSpeed } from '../src/machine/winograd-plan.ts';
import type { Pass } from '../src/machine/winograd-tiling.ts';
import { EVERYWHERE } from './places.ts';

const plain = { groups: 1, ...EVERYWHERE };

describe('winograd', () => {
  const speed = (count: number, size: number, wide: number, pass: Pass = 'sums'): number => {
    const shape = [count, size, size, wide];
    const plan = winogradPlan({ x: shape, filter: [3, 3, wide, wide], y: shape }, plain, {
      encoding: 'evex',
      threads: 2,
      pass,
    });
    return plan ? winogradSpeed(plan) : 0;
  };

  it.each([
    ['ResNet-32', 128, 32, 16],
    ['ResNet-32', 128, 16, 32],
    ['ResNet-32', 128, 8, 64],
    ['ResNet-50', 16, 56, 64],
    ['ResNet-50', 16, 28, 128],
    ['ResNet-50', 16, 14, 256],
  ])('is what the convolutions of %s go by: %i of %i, %i channels', (_, count, size, wide) => {
    expect(speed(count, size, wide)).toBeGreaterThan(1.3);
  });

  it('is for dF where its sums stay in a core’s own cache', () => {
    expect(speed(128, 16, 32, 'filterGrad')).toBeGreaterThan(1.3);
    expect(speed(16, 28, 128, 'filterGrad')).toBeGreaterThan(1.3);
    expect(speed(16, 14, 256, 'filterGrad')).toBe(0);
    expect(speed(127, 16, 32, 'filterGrad')).toBeLessThan(1.1); // of a prime number of pictures, one thread would do all
  });

  it.each([
    ['one picture, which one thread would do', 1, 28, 128],
    ['single places', 512, 1, 64],
    ['two by two places, each its own only sum', 512, 2, 64],
    ['a filter larger than what it is for', 2, 4, 256],
    ['a filter that no cache holds', 64, 14, 1024],
    ['a picture that no cache holds', 4, 300, 64],
    ['channels that are no multiple of 4', 128, 32, 18],
  ])('leaves %s to libtorch: %i of %i, %i channels', (_, count, size, wide) => {
    expect(speed(count, size, wide)).toBeLessThan(1.1);
  });
});
