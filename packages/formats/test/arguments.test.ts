/** What every exported function does with wrong arguments. */
import { InputError, LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import { expect, it } from 'vitest';
import * as formats from '../src/index.ts';

const bytes = new TextEncoder().encode('a,b,label\n0.5,1,cat\n1.5,2,owl\n');
const column = { shape: [2], dtype: 'float32', data: Float32Array.of(0.5, 1.5) };
const labels = { name: 'labels.csv', classNames: ['cat', 'owl'] };
const opening = { name: 'set.csv', format: 'csv', header: true, delimiter: ',', nulls: 'refuse' };

/** Opens, uses and closes. */
const using =
  <T extends { close(): Promise<void> }>(
    open: (source: never, options: never) => Promise<T>,
    use: (file: T) => unknown,
  ) =>
  async (source: never, options: never): Promise<unknown> => {
    const file = await open(source, options);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  };
const arrays = using(formats.openArrays, (file) => file.arrays);
const features = using(formats.openFeatures, (set) => set.rows(0, set.length));
const named = { name: 'set.csv' };
const asked =
  (method: 'read' | 'readTexts' | 'readBytes') =>
  (name: never, range: never): unknown =>
    using(formats.openArrays, (file) => file[method](name, range))(bytes as never, named as never);

testArguments(
  {
    openArrays: [arrays, bytes, opening],
    openFeatures: [
      features,
      bytes,
      { ...opening, features: ['a', 'b'], labels: 'label', classNames: ['cat', 'owl'] },
    ],
    'openFeatures, one column': [features, bytes, { ...opening, features: 'a', labels: false }],
    readLabels: [formats.readLabels, bytes, { ...labels, labels: 'label' }],
    read: [asked('read'), 'a', { start: 0, end: 1 }],
    readTexts: [asked('readTexts'), 'label', { start: 0, end: 1 }],
    readBytes: [asked('readBytes'), 'label', { start: 0, end: 1 }],
    rows: [
      (start: number, end: number) =>
        using(formats.openFeatures, (set) => set.rows(start, end))(bytes as never, named as never),
      0,
      1,
    ],
    encodeNpy: [formats.encodeNpy, column],
    encodeTorch: [formats.encodeTorch, { column }],
    encodeSafetensors: [formats.encodeSafetensors, { column }, { by: 'hand' }],
    encodeCsv: [formats.encodeCsv, { column, texts: ['a', 'b'] }],
    encodeParquet: [formats.encodeParquet, { column, texts: ['a', 'b'] }, { by: 'hand' }],
    decodeSafetensors: [
      formats.decodeSafetensors,
      formats.encodeSafetensors({ column: column as never }),
      { source: 'a' },
    ],
    float32Of: [formats.float32Of, column],
    float16Of: [formats.float16Of, column],
  },
  { isTyped: (error) => error instanceof LongtailError },
);

it.each([
  ...['abc', ['a', 'a'], [1, 2], 5, null, []].map((classNames) => ({ classNames })),
  ...['yes', 1, null].map((header) => ({ header })),
  ...[['a', 'a'], [], 5, [1], null].map((wrong) => ({ features: wrong })),
  ...['zero', null, true].map((nulls) => ({ nulls })),
  ...[true, 5, null].map((wrong) => ({ labels: wrong })),
  ...[5, null].map((format) => ({ format })),
  ...[5, null].map((name) => ({ name })),
  null,
  5,
])('openFeatures refuses the options %j', async (wrong) => {
  const options = typeof wrong === 'object' && wrong ? { name: 'set.csv', ...wrong } : wrong;
  await expect(formats.openFeatures(bytes, options as never)).rejects.toThrow(InputError);
  if (!wrong || typeof wrong !== 'object' || !('features' in wrong))
    await expect(formats.readLabels(bytes, options as never)).rejects.toThrow(InputError);
});

it('rows are refused as options of another kind', async () => {
  const file = await formats.openArrays(bytes, named);
  for (const range of [null, 5, [0, 1]])
    await expect(file.read('a', range as never)).rejects.toThrow(InputError);
  await expect(file.read(5 as never)).rejects.toThrow(/name must be a string, but it is 5/);
  for (const source of [undefined, null, 5, {}])
    await expect(formats.openArrays(source as never)).rejects.toThrow(InputError);
  await file.close();
});
