/** The parts that draws are made of: the table is the law, and the fast way is the plain one. */
import { groupByClass, random } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasTable } from '../src/alias-table.ts';
import { normalised } from '../src/class-law.ts';
import { classSpans, drawImages } from '../src/draw.ts';
import { drawCycled } from '../src/draw-cycled.ts';
import { chiSquareZ, SIGNIFICANT } from './chi-square.ts';

const weightLists = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 200,
  })
  .filter((weights) => weights.some((w) => w > 0));

/** The law that a table draws by, exactly: its thresholds are whole numbers of 2^-24. */
function lawOfTable(table: Int32Array): Float64Array {
  const cells = table.length / 2;
  const law = new Float64Array(cells);
  for (let i = 0; i < cells; i++) {
    const own = table[2 * i]! / 2 ** 24;
    law[i]! += own / cells;
    law[table[2 * i + 1]!]! += (1 - own) / cells;
  }
  return law;
}

function expectTableOf(law: Float64Array): void {
  const drawn = lawOfTable(aliasTable(law));
  let largest = 0;
  law.forEach((p, c) => {
    largest = Math.max(largest, p === 0 && drawn[c] !== 0 ? 1 : Math.abs(drawn[c]! - p));
  });
  // A threshold is rounded up by less than 2^-24 of a cell; all cells may lend to one class.
  expect(largest).toBeLessThan(2 ** -24 + 1e-12);
}

describe('the alias table', () => {
  it('draws by any law, to 2^-24, and never what has chance 0', () => {
    fc.assert(
      fc.property(weightLists, (weights) => expectTableOf(normalised(Float64Array.from(weights)))),
      { seed: 1 },
    );
  });

  it('does so for 100,000 classes, half of them empty', () => {
    const { uniform } = random(1);
    expectTableOf(normalised(Float64Array.from({ length: 100_000 }, (_, c) => (c % 2 ? uniform() ** 8 : 0))));
  });
});

/** Words of which a share is at the very end, where remainders favour small results and are drawn again. */
function wordsWithEnds(seed: number, share: number) {
  const { bits: own, uniform } = random(seed);
  const bits = () => (uniform() < share ? 2 ** 32 - 1 : own());
  const fillBits = (into: Uint32Array, count = into.length) => {
    for (let i = 0; i < count; i++) into[i] = bits();
  };
  return { bits, fillBits };
}

/** As the words of `random` say it: integer(C), uniform(), and of the images that may be drawn integer(how many). */
function plainly(
  length: number,
  labels: number[],
  table: Int32Array,
  bits: () => number,
  { cycled }: { cycled: boolean },
): number[] {
  const classes = groupByClass(labels).counts.length;
  const integer = (n: number) => {
    for (;;) {
      const word = BigInt(bits());
      if (word < 2n ** 32n - (2n ** 32n % BigInt(n))) return Number(word % BigInt(n));
    }
  };
  const lists = Array.from({ length: classes }, (_, c) => [...labels.keys()].filter((i) => labels[i] === c));
  const given = lists.map(() => 0);
  return Array.from({ length }, () => {
    const cell = integer(classes);
    const c = Math.floor(bits() / 256) < table[2 * cell]! ? cell : table[2 * cell + 1]!;
    const list = lists[c]!;
    if (!cycled) return list[integer(list.length)]!;
    const at = given[c]!;
    const place = at + integer(list.length - at);
    [list[at], list[place]] = [list[place]!, list[at]!];
    given[c] = (at + 1) % list.length;
    return list[at]!;
  });
}

it.each([
  ['drawn', drawImages],
  ['cycled', drawCycled],
])('images %s in blocks are drawn as one by one, also where words are refused', (name, draw) => {
  const labels = Array.from({ length: 300 }, (_, i) => Math.floor(Math.sqrt(i) / 1.3));
  const groups = groupByClass(labels);
  const table = aliasTable(normalised(Float64Array.from(groups.counts, Math.sqrt)));
  for (const [length, share] of [
    [1, 0],
    [5000, 0],
    [4096, 0.0001],
    [10_000, 0.001],
    [3000, 0.3],
  ] as const) {
    const drawn = draw(length, table, classSpans(groups), wordsWithEnds(length, share));
    const { bits } = wordsWithEnds(length, share);
    expect([...drawn]).toEqual(plainly(length, labels, table, bits, { cycled: name === 'cycled' }));
  }
});

it.each([0, 1, 2])('cycle %i gives four images in each of their 24 orders alike', (cycle) => {
  const spans = classSpans(groupByClass([0, 0, 0, 0]));
  const seen = new Map<string, number>();
  for (let epoch = 0; epoch < 4800; epoch++) {
    const drawn = drawCycled(12, aliasTable(Float64Array.of(1)), spans, random(3, epoch));
    const order = drawn.subarray(4 * cycle, 4 * cycle + 4).join(' ');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(24);
  expect(Math.abs(chiSquareZ([...seen.values()], Array<number>(24).fill(1 / 24)))).toBeLessThan(SIGNIFICANT);
});
