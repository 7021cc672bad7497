import { InputError } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSampler, classBalanced, indicesOf, instanceBalanced, type Sampler } from '../src/index.ts';

const cases = fc.record({
  length: fc.integer({ min: 1, max: 200 }),
  batchSize: fc.integer({ min: 1, max: 20 }),
  ranks: fc.integer({ min: 1, max: 9 }),
});
const sampler = (length: number) => instanceBalanced(new Int32Array(length), { seed: 5 });

describe('ranks', () => {
  it('have disjoint shares, which together are the epoch, batch by batch', () => {
    fc.assert(
      fc.property(cases, ({ length, batchSize, ranks }) => {
        const shares = Array.from({ length: ranks }, (_, rank) =>
          batchSampler(sampler(length), { batchSize, rank, ranks }).batches(1),
        );
        const together: number[] = [];
        for (let step = 0; step < Math.max(...shares.map((share) => share.length)); step++)
          for (const share of shares) together.push(...(share[step] ?? []));
        // In this order, too: R ranks step through what one process of R times the batch does.
        expect(together).toEqual([...sampler(length).indices(1)]);
      }),
      { seed: 1 },
    );
  });

  it('differ by at most one image; their batches are full but for the last', () => {
    fc.assert(
      fc.property(cases, ({ length, batchSize, ranks }) => {
        const lengths = Array.from({ length: ranks }, (_, rank) => {
          const share = batchSampler(sampler(length), { batchSize, rank, ranks });
          const batches = share.batches(0);
          expect(batches.length).toBe(share.numBatches);
          for (const batch of batches.slice(0, -1)) expect(batch.length).toBe(batchSize);
          for (const batch of batches) expect(batch.length).toBeGreaterThan(0);
          expect([...share.indices(0)]).toEqual(batches.flatMap((batch) => [...batch]));
          return share.length;
        });
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
      { seed: 2 },
    );
  });

  it('have as many whole batches each with dropLast, and nothing else is dropped', () => {
    fc.assert(
      fc.property(cases, ({ length, batchSize, ranks }) => {
        fc.pre(length >= batchSize * ranks);
        const whole = Math.floor(length / (batchSize * ranks));
        for (let rank = 0; rank < ranks; rank++) {
          const options = { batchSize, rank, ranks };
          const dropped = batchSampler(sampler(length), { ...options, dropLast: true });
          expect(dropped.numBatches).toBe(whole);
          expect(dropped.length).toBe(whole * batchSize);
          const kept = batchSampler(sampler(length), options).batches(0);
          expect(dropped.batches(0)).toEqual(kept.slice(0, whole));
        }
      }),
      { seed: 3 },
    );
  });
});

it('draws with replacement are shared out by place: no place twice', () => {
  const drawn = classBalanced([0, 0, 0, 0, 0, 0, 1], { seed: 1 });
  const shares = [0, 1, 2].map((rank) => batchSampler(drawn, { batchSize: 1, rank, ranks: 3 }));
  const together = shares.flatMap((share) => [...share.indices(0)]);
  expect(together.sort()).toEqual([...drawn.indices(0)].sort());
});

it('refuses what it cannot share', () => {
  const make = (options: object) => () => batchSampler(sampler(10), { batchSize: 4, ...options });
  expect(make({ batchSize: 0 })).toThrow('batchSize must be an integer >= 1, but it is 0.');
  expect(make({ ranks: 1.5 })).toThrow(InputError);
  expect(make({ rank: 2, ranks: 2 })).toThrow('rank must be from 0 to 1, but it is 2.');
  expect(make({ rank: -1 })).toThrow('rank must be an integer >= 0, but it is -1.');
  expect(make({ ranks: 3, dropLast: true })).toThrow('an epoch of 10 images holds no whole batch of 3 * 4');
  expect(() => make({})().batches(-1)).toThrow(InputError);
});

it.each<[string, Partial<Sampler>]>([
  ['mine.indices(0)[2] is -1, but the set has the images', { indices: () => Int32Array.of(0, 1, -1) }],
  ["mine.indices(0) must have the sampler's length, 3, but it has 1", { indices: () => Int32Array.of(0) }],
  ['mine.indices(0) must name an image', { indices: () => new Int32Array(0) }],
  ['mine.indices(0) must be an Int32Array, but it is an array of 3', { indices: () => [0, 1, 2] as never }],
  ['the length of a sampler must be an integer from 1 to 2147483647, but it is 0', { length: 0 }],
  ['indices of a sampler must be a function', { indices: undefined as never }],
])("refuses a stranger's sampler: %s", (message, wrong) => {
  const mine: Sampler = { name: 'mine', length: 3, indices: () => Int32Array.of(0, 1, 2), ...wrong };
  const run = () => batchSampler(mine, { batchSize: 2 }).batches(0);
  expect(run).toThrow(InputError);
  expect(run).toThrow(message);
});

it('an epoch that goes past the images is refused where their number is known', () => {
  const mine: Sampler = { name: 'mine', length: 2, indices: () => Int32Array.of(0, 9) };
  expect(() => indicesOf(mine, { epoch: 1, images: 9 })).toThrow(
    'mine.indices(1)[1] is 9, but the set has the images 0 to 8.',
  );
});
