import { readFileSync } from 'node:fs';
import { InputError, random } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centerCrop,
  colorJitter,
  compose,
  horizontalFlip,
  type Picture,
  padAndCrop,
  randomResizedCrop,
  resizeShortSide,
} from '../src/index.ts';
import { pictureSource } from '../src/source.ts';
import { callsOf, prepare, type Transform } from '../src/transform.ts';
import { transformFrom } from '../src/transforms/all.ts';
import { type Change, changeColors } from '../src/transforms/color-jitter.ts';
import { type View, wholeView } from '../src/view.ts';
import { pattern } from './pattern.ts';

const pictureOf = (height: number, width: number): Picture => ({
  data: pattern(height, width),
  height,
  width,
  channels: 3,
});

/** The view that a geometric transform takes of a picture. */
function viewOf(transform: Transform, height: number, width: number, seed: number): View {
  const [part] = transform.parts!;
  if (!part || !('view' in part)) throw new Error('no geometry');
  return part.view(wholeView(height, width), random(seed))!;
}

const side = fc.integer({ min: 1, max: 24 });
const oneOf = fc.oneof(
  side.map((size) => centerCrop(size)),
  side.map((size) => resizeShortSide(size)),
  side.map((size) => randomResizedCrop(size)),
  fc.integer({ min: 0, max: 4 }).map((padding) => padAndCrop(padding)),
  fc.constant(horizontalFlip()),
  fc.constant(colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 })),
);

describe('transforms', () => {
  it('in one go are those one after another', () => {
    fc.assert(
      fc.property(fc.array(oneOf, { maxLength: 5 }), side, side, fc.nat(), (chain, height, width, seed) => {
        const together = compose(...chain)(pictureOf(height, width), random(seed));
        const numbers = random(seed);
        const apart = chain.reduce(
          (picture, transform) => transform(picture, numbers),
          pictureOf(height, width),
        );
        expect(together).toEqual(apart);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('are made again from their calls, which are plain data', () => {
    fc.assert(
      fc.property(fc.array(oneOf, { maxLength: 4 }), side, side, fc.nat(), (chain, height, width, seed) => {
        const transform = compose(...chain);
        const again = transformFrom(structuredClone(callsOf(transform)!));
        const picture = pictureOf(height, width);
        expect(again(picture, random(seed))).toEqual(transform(picture, random(seed)));
      }),
      { numRuns: 50, seed: 2 },
    );
    expect(callsOf(compose(horizontalFlip(), (picture) => picture))).toBeUndefined();
    expect(() => transformFrom([{ name: 'blur', given: [] }])).toThrow(InputError);
  });

  it('leave the picture they are given as it was', () => {
    fc.assert(
      fc.property(oneOf, side, side, fc.nat(), (transform, height, width, seed) => {
        const picture = pictureOf(height, width);
        transform(picture, random(seed));
        expect(picture).toEqual(pictureOf(height, width));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('refuse sizes, scales and amounts that are none', () => {
    expect(() => centerCrop(0)).toThrow(InputError);
    expect(() => resizeShortSide(2.5)).toThrow(InputError);
    expect(() => randomResizedCrop(8, { scale: [0.5, 0.1] })).toThrow(
      'scale must be two numbers > 0 in order',
    );
    expect(() => colorJitter({ contrast: -1 })).toThrow(InputError);
    const grey: Picture = { data: new Uint8Array(16), height: 4, width: 4, channels: 1 };
    expect(() => resizeShortSide(2)(grey, random(0))).toThrow('3 channels');
  });
});

describe('the evaluation transform', () => {
  // Sizes and offsets by torchvision 0.29: int(256 * long / short), and Python's round to even.
  it.each([
    [375, 500, { height: 256, width: 341, window: { top: 16, left: 58, height: 224, width: 224 } }],
    [500, 334, { height: 383, width: 256, window: { top: 80, left: 16, height: 224, width: 224 } }],
    [256, 257, { height: 256, width: 257, window: { top: 16, left: 16, height: 224, width: 224 } }],
  ])('of %i x %i', (height, width, expected) => {
    const [resize, crop] = compose(resizeShortSide(256), centerCrop(224)).parts as unknown as {
      view: (view: View, numbers: ReturnType<typeof random>) => View;
    }[];
    const view = crop!.view(resize!.view(wholeView(height, width), random(0)), random(0));
    expect(view).toMatchObject(expected);
  });

  it('pads a picture that is smaller than its middle', () => {
    const { data } = centerCrop(4)(
      { data: Uint8Array.of(1, 2), height: 1, width: 2, channels: 1 },
      random(0),
    );
    expect([...data]).toEqual([0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

/** The largest distance of a sample's distribution from the uniform one on [low, high] (Kolmogorov-Smirnov). */
function distanceFromUniform(sample: number[], low: number, high: number): number {
  const sorted = sample.map((value) => (value - low) / (high - low)).sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((value, i) =>
      Math.max(Math.abs(value - i / sorted.length), Math.abs(value - (i + 1) / sorted.length)),
    ),
  );
}
/** Of n numbers, at a level of 1e-4. */
const critical = (n: number): number => 2.23 / Math.sqrt(n);

describe("torchvision's laws", () => {
  it('share of the area and logarithm of the ratio are uniform where every part fits', () => {
    const crop = randomResizedCrop(8, { scale: [0.1, 0.4] });
    const boxes = Array.from({ length: 4000 }, (_, seed) => viewOf(crop, 1000, 1000, seed).box);
    const areas = boxes.map(({ height, width }) => (height * width) / 1e6);
    const ratios = boxes.map(({ height, width }) => Math.log(width / height));
    // Sides are whole pixels, so both are off by up to 2e-3 of their range: added to what chance does.
    expect(distanceFromUniform(areas, 0.1, 0.4)).toBeLessThan(critical(4000) + 4e-3);
    expect(distanceFromUniform(ratios, Math.log(3 / 4), Math.log(4 / 3))).toBeLessThan(critical(4000) + 4e-3);
    const places = boxes.map(({ left, width }) => (left + 0.5) / (1000 - width + 1));
    expect(distanceFromUniform(places, 0, 1)).toBeLessThan(critical(4000) + 2e-3);
  });

  it('the largest middle part of an allowed ratio follows ten that do not fit', () => {
    const crop = randomResizedCrop(8, { scale: [1, 1] });
    expect(viewOf(crop, 100, 1000, 0).box).toEqual({ top: 0, left: 433, height: 100, width: 133 });
    expect(viewOf(crop, 1000, 90, 0).box).toEqual({ top: 440, left: 0, height: 120, width: 90 });
  });

  it('colours change by factors uniform in [1 - x, 1 + x]', () => {
    const grey = (value: number): Picture => ({
      data: new Uint8Array(3).fill(value),
      height: 1,
      width: 1,
      channels: 3,
    });
    const factors = Array.from(
      { length: 4000 },
      (_, seed) => colorJitter({ brightness: 0.4 })(grey(180), random(seed)).data[0]! / 180,
    );
    // A byte is cut off, so factors come as steps of 1/180 below themselves, a step being 1/144 of the range.
    expect(distanceFromUniform(factors, 0.6, 1.4)).toBeLessThan(critical(4000) + 2 / 144);
  });
});

describe('colour changes', () => {
  const { shape, cases } = JSON.parse(
    readFileSync(new URL('./golden/color_jitter.json', import.meta.url), 'utf8'),
  ) as { shape: [number, number, number]; cases: { change: Change; factor: number; pixels: string }[] };

  it.each(cases)("are torchvision's to the bit: $change by $factor", ({ change, factor, pixels }) => {
    const picture = pictureOf(shape[0], shape[1]);
    changeColors(picture, change, factor);
    const [found, expected] = [Buffer.from(picture.data), Buffer.from(pixels, 'base64')];
    if (change !== 'hue') return expect(found).toEqual(expected);
    const off = [...found].map((value, i) => Math.abs(value - expected[i]!)).filter((by) => by > 0);
    expect(Math.max(0, ...off)).toBeLessThanOrEqual(1); // float32 there, doubles here, truncated both
    expect(off.length).toBeLessThan(found.length / 100);
  });

  it.each<[string, () => unknown, string]>([
    ['a padding of half a pixel', () => padAndCrop(1.5), 'the padding of padAndCrop must be an integer'],
    ['a padding in text', () => padAndCrop('4' as never), 'but it is "4"'],
    [
      'a number for the options',
      () => colorJitter(5 as never),
      'the options of colorJitter must be an object',
    ],
    [
      'a change of another name',
      () => colorJitter({ brightnes: 1 } as never),
      'a change of colorJitter must be one of brightness, contrast, saturation, hue, but it is "brightnes"',
    ],
    ['a name for a transform', () => compose('x' as never), 'transform 0 of compose must be a function'],
    [
      'a probability above 1',
      () => horizontalFlip(2),
      'the probability of horizontalFlip must be a number in [0, 1]',
    ],
  ])('refuse %s', (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });

  it('turn the hue by what is drawn, and refuse more than half the circle', () => {
    const [drawn] = [colorJitter({ hue: 0.1 })].map((t) => t(pictureOf(8, 8), random(0)));
    const turn = -0.1 + 0.2 * random(0).uniform();
    const turned = pictureOf(8, 8);
    changeColors(turned, 'hue', turn);
    expect(drawn!.data).toEqual(turned.data);
    expect(() => colorJitter({ hue: 0.6 })).toThrow(
      'the hue of colorJitter must be a number in [0, 0.5], but it is 0.6',
    );
  });
});

describe('a source', () => {
  it('is read once for a crop, a resize and a flip', () => {
    const picture = pictureOf(40, 50);
    const regions: unknown[] = [];
    const source = pictureSource(picture);
    const counted: typeof source = {
      ...source,
      read(region, room) {
        regions.push(region);
        return source.read(region, room);
      },
    };
    const parts = compose(resizeShortSide(20), centerCrop(10), horizontalFlip()).parts!;
    prepare(counted, parts, random(0));
    expect(regions).toEqual([{ top: 9, left: 15, height: 22, width: 22 }]);
  });
});
