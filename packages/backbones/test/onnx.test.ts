/** Models of one's own, against what onnxruntime computes in Python (golden/onnx_models.py). */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, InputError, LongtailError } from '@longtail/core';
import { testArguments, toBeCloseTo } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { type OnnxOptions, onnxBackbone } from '../src/onnx.ts';

const model = (name: string): string => join(import.meta.dirname, 'golden/onnx', `${name}.onnx`);
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/onnx.json'), 'utf8')) as {
  pictures: [number, number, number, number];
} & Record<'features' | 'half grey' | 'mean-std' | 'float16' | 'uint8' | 'logits' | 'token 3', number[][]>;
const SHAPE = golden.pictures;
const PIXELS = Uint8Array.from(
  { length: SHAPE.reduce((n, d) => n * d, 1) },
  (_, i) => (7 * i * i + 13 * i) % 251,
);
const HALF = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const SIZE = [12, 10] as const;

const folder = mkdtempSync(join(tmpdir(), 'onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** A file of these bytes. */
const filed = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

async function extract(name: string, options: OnnxOptions = {}): Promise<Float32Array> {
  const extractor = await onnxBackbone(model(name), options);
  try {
    const features = await extractor.extract(PIXELS, SHAPE);
    expect(features.length).toBe(SHAPE[0] * extractor.featureDim);
    expect(extractor).toMatchObject({ name, pictureSize: SIZE });
    return features;
  } finally {
    await extractor.dispose();
  }
}

describe('onnxBackbone', () => {
  it.each<[string, OnnxOptions, Exclude<keyof typeof golden, 'pictures'>]>([
    ['nchw', {}, 'features'],
    ['nchw', { layout: 'nchw', size: SIZE, output: 'features' }, 'features'],
    ['nhwc', {}, 'features'],
    ['one', {}, 'features'],
    ['two-nhwc', {}, 'features'],
    ['any-size', { size: SIZE }, 'features'],
    ['any-width', { size: SIZE }, 'features'],
    ['any-axis', { layout: 'nchw', size: SIZE }, 'features'],
    ['no-shape', { layout: 'nchw', size: SIZE }, 'features'],
    ['nchw', { statistics: HALF }, 'half grey'],
    ['pixel-range', {}, 'half grey'],
    ['mean-std', {}, 'mean-std'],
    ['bytes-mean-std', {}, 'mean-std'],
    ['odd-mean', { statistics: HALF }, 'half grey'],
    ['uint8', {}, 'uint8'],
    ['pooled', {}, 'features'],
    ['logits-too', { output: 'logits' }, 'logits'],
    ['logits-too', { output: 'features' }, 'features'],
    ['tokens', { token: 3 }, 'token 3'],
    ['tokens', { token: 'mean' }, 'features'],
    ['tokens-too', {}, 'features'],
    ['tokens-too', { token: 3 }, 'token 3'],
  ])('%s %o gives %s', async (name, options, key) => {
    toBeCloseTo(await extract(name, options), golden[key].flat());
  });

  it('takes float16, within what a half rounds', async () => {
    toBeCloseTo(await extract('float16'), golden.float16.flat(), { relative: 2 ** -10 });
  });

  it('says what it normalises with', async () => {
    const statistics = async (name: string): Promise<unknown> => {
      const extractor = await onnxBackbone(model(name));
      await extractor.dispose();
      return extractor.statistics;
    };
    expect(await statistics('nchw')).toEqual({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
    expect(await statistics('pixel-range')).toEqual(HALF);
    expect(await statistics('uint8')).toBeUndefined();
  });

  it.each<[string, OnnxOptions, RegExp]>([
    [
      'any-size',
      {},
      /^axis 2 and axis 3 of the input .* are dynamic, \[batch, 3, height, width\]; name its `size`/,
    ],
    ['any-width', {}, /^axis 3 of the input .* is dynamic, \[batch, 3, 12, \?\]/],
    ['any-width', { size: 10 }, /^size is \[10, 10\], but the input .* is \[batch, 3, 12, \?\]/],
    ['any-axis', { size: SIZE }, /either of axes 1 and 3 can be the channels; name its `layout`/],
    ['nhwc', { layout: 'nchw' }, /^layout is nchw, but the input .* is \[batch, 12, 10, 3\]/],
    ['logits-too', {}, /"logits" \[2, 3\], "features" \[2, 4\]; name the features as `output`/],
    ['logits-too', { output: 'pool' }, /has the outputs logits, features, but "pool" was named/],
    ['tokens', {}, /"tokens" of .* is float32 \[2, 30, 4\]; choose a `token`/],
    ['tokens', { token: 30 }, /token is 30, but "tokens"/],
    ['nchw', { token: 0 }, /token is 0, but "features"/],
    ['uint8', { statistics: HALF }, /takes bytes as they are; leave out `statistics`/],
    [
      'nchw',
      { statistics: { mean: [124, 116, 104], std: [58, 57, 57] } },
      /statistics.mean\[0\] must be .*\[0, 1\]/,
    ],
    ['nchw', { statistics: { mean: [0.5], std: [0.5] } }, /statistics.mean must be 3 numbers/],
    ['nchw', { size: [12] as never }, /size must be a number or \[height, width\]/],
  ])('%s %o is refused', async (name, options, message) => {
    await expect(onnxBackbone(model(name), options)).rejects.toThrow(message);
    await expect(onnxBackbone(model(name), options)).rejects.toBeInstanceOf(InputError);
  });

  it.each<[string, OnnxOptions, RegExp]>([
    ['grey', {}, /three channels on axis 1 or 3 .* \[batch, 1, 12, 10\]/],
    ['no-batch', {}, /an input of 4 axes .* "images" is \[3, 12, 10\]/],
    ['two-inputs', {}, /one input .* has 2 \(images, prompt\)/],
    ['map', {}, /"map" of .* is float32 \[2, 4, 6, 5\]; export the model with its pooling/],
    ['baked', {}, /baked.onnx to run on pictures \[2, 3, 12, 10\], but: /],
    ['odd-mean', {}, /three numbers as JSON as mean .* found "grey"; name mean and std as `statistics`/],
    ['half-mean', {}, /as std in the metadata of .*, but found nothing/],
    ['blue-first', {}, /takes its channels as Bgr8; export it for red, green and blue/],
    ['not-finite', {}, /finite features of a grey picture, but "features" .* gives NaN/],
    ['absent', {}, /cannot read .*absent.onnx \(ENOENT\)/],
  ])('%s.onnx is refused', async (name, options, message) => {
    await expect(onnxBackbone(model(name), options)).rejects.toThrow(message);
    await expect(onnxBackbone(model(name), options)).rejects.toBeInstanceOf(DataError);
  });

  it('refuses files that are empty, cut short, or something else, in one line', async () => {
    const whole = readFileSync(model('mean-std'));
    const files = [
      folder,
      filed('empty.onnx', ''),
      filed('text.onnx', 'mean = [0.5, 0.5, 0.5]'),
      filed('zeros.onnx', new Uint8Array(1000)),
      ...[20, 300, 700].map((length) => filed(`cut-${length}.onnx`, whole.subarray(0, length))),
    ];
    for (const file of files) {
      const error = await onnxBackbone(file).catch((thrown: unknown) => thrown);
      expect(error, file).toBeInstanceOf(DataError);
      expect((error as Error).message, file).toMatch(/^[^\n]{10,400}\.$/);
    }
  });

  it('refuses pictures that do not fit, and gives the same features afterwards', async () => {
    const extractor = await onnxBackbone(model('one'));
    const before = await extractor.extract(PIXELS, SHAPE);
    const wrong: [Uint8Array, readonly number[]][] = [
      [PIXELS, [6, 10, 10, 3]],
      [PIXELS.subarray(1), SHAPE],
      [PIXELS.subarray(0, 0), [0, 12, 10, 3]],
      [PIXELS, [5, 12, 30]],
      [Float32Array.from(PIXELS) as never, SHAPE],
    ];
    for (const [pixels, shape] of wrong)
      await expect(extractor.extract(pixels, shape as typeof SHAPE)).rejects.toBeInstanceOf(InputError);
    expect(await extractor.extract(PIXELS, SHAPE)).toEqual(before);
    await extractor.dispose();
    await extractor.dispose();
    await expect(extractor.extract(PIXELS, SHAPE)).rejects.toThrow(/one has been disposed/);
  });

  it('says how to install the runtime where it is absent', () => {
    const packages = join(folder, 'node_modules');
    mkdirSync(join(packages, '@longtail'), { recursive: true });
    for (const name of ['core', 'formats'])
      symlinkSync(join(import.meta.dirname, '../..', name), join(packages, '@longtail', name));
    cpSync(join(import.meta.dirname, '../src'), join(folder, 'src'), { recursive: true });
    const script = `import { onnxBackbone } from ${JSON.stringify(join(folder, 'src/onnx.ts'))};
      await onnxBackbone(${JSON.stringify(model('nchw'))}).catch((error) => console.log(error.name, error.message));`;
    const { stdout, stderr } = spawnSync(process.execPath, [filed('run.mjs', script)], { encoding: 'utf8' });
    expect(stdout, stderr).toMatch(/^EngineError .*not installed; run "npm install onnxruntime-node/);
  });
});

testArguments(
  {
    onnxBackbone: [
      async (file: string, options: OnnxOptions) => {
        const extractor = await onnxBackbone(file, options);
        try {
          return await extractor.extract(PIXELS, SHAPE);
        } finally {
          await extractor.dispose();
        }
      },
      model('any-axis'),
      { layout: 'nchw', size: SIZE, statistics: HALF, output: 'features', token: undefined },
    ],
    extract: [(await onnxBackbone(model('one'))).extract, PIXELS, [...SHAPE]],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
