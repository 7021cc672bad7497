import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketsOf, packed, unpack } from '../src/buckets.ts';

const arrays = fc.array(
  fc.oneof(fc.float32Array({ noNaN: true, maxLength: 40 }), fc.int32Array({ maxLength: 40 })),
);

it('every array that has values is in one bucket, of its type, no larger than allowed', () => {
  fc.assert(
    fc.property(arrays, fc.integer({ min: 1, max: 400 }), (given, bucketBytes) => {
      const buckets = bucketsOf(given, { bucketBytes });
      const found = buckets.flat();
      expect(new Set(found)).toEqual(new Set(given.filter(({ length }) => length > 0)));
      expect(found.length).toBe(new Set(found).size);
      for (const bucket of buckets) {
        expect(new Set(bucket.map((array) => array.constructor)).size).toBe(1);
        const bytes = bucket.reduce((sum, array) => sum + array.byteLength, 0);
        if (bucket.length > 1) expect(bytes).toBeLessThanOrEqual(bucketBytes);
      }
    }),
  );
});

it('what is packed comes back where it was', () => {
  fc.assert(
    fc.property(arrays, (given) => {
      const before = given.map((array) => array.slice());
      for (const bucket of bucketsOf(given, { bucketBytes: 200 })) {
        const all = packed(bucket);
        if (bucket.length > 1) for (const array of bucket) array.fill(0);
        unpack(all, bucket);
      }
      expect(given).toEqual(before);
    }),
  );
});

it('many small tensors take one call, a large one its own, where it lies', () => {
  const small = Array.from({ length: 160 }, () => new Float32Array(1000));
  const large = new Float32Array(2 ** 18);
  const buckets = bucketsOf([...small, large, new Float32Array(1)], { bucketBytes: 25 * 2 ** 20 });
  expect(buckets.map(({ length }) => length)).toEqual([161, 1]);
  expect(packed(buckets[1]!)).toBe(large);
});
