import { DataError } from '@longtail/core';
import { expect, it } from 'vitest';
import { statisticsOf } from '../src/onnx/statistics.ts';

const of = (metadata: Record<string, string>) =>
  statisticsOf(new Map(Object.entries(metadata)), { file: 'm.onnx' });
const [zeros, ones] = ['[0, 0, 0]', '[1, 1, 1]'];

it('the usual keys, in units of 0..1', () => {
  const unchanged = { mean: [0, 0, 0], std: [1, 1, 1] };
  expect(of({ mean: zeros, std: ones })).toEqual(unchanged);
  expect(of({ mean: zeros, std: '[255, 255, 255]' })).toEqual(unchanged);
  expect(of({ 'image.nominalpixelrange': 'Normalized_0_1', 'image.bitmappixelformat': 'Rgb8' })).toEqual(
    unchanged,
  );
  const bytes = of({ 'image.nominalpixelrange': 'NominalRange_0_255' });
  expect(bytes).toEqual({ mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] });
  expect(of({ author: 'me' }).mean).toEqual([0.485, 0.456, 0.406]);
});

it.each<Record<string, string>>([
  { mean: zeros },
  { std: ones },
  { mean: zeros, std: zeros },
  { mean: '[-1, 0, 0]', std: ones },
  { mean: '[0, 0]', std: ones },
  { mean: '[0, 0, "0"]', std: ones },
  { mean: '0, 0, 0', std: ones },
  { image_mean: 'null', image_std: ones },
  { 'image.nominalpixelrange': 'NominalRange_16_235' },
  { 'image.bitmappixelformat': 'Gray8' },
])('%o is refused', (metadata) => {
  expect(() => of(metadata)).toThrow(DataError);
});
