/** Vision transformers by the real command: the features and classes of timm and transformers (golden/vit_checkpoints.py). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '@longtail/formats';
import { drawn, drawnWeight, toBeCloseTo, torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../src/load-checkpoint.ts';
import folder from './folder-recipe.ts';
import { longtail } from './longtail.ts';

interface Golden {
  /** By the names of the library. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Of the classifier. */
  readonly bias: readonly number[];
  /** Every 32nd number, a row a picture. */
  readonly features: readonly (readonly number[])[];
  readonly classes: readonly number[];
}
const path = join(import.meta.dirname, 'golden/vit_checkpoints.json');
const golden: Readonly<Record<'timm' | 'transformers', Golden>> = JSON.parse(readFileSync(path, 'utf8'));

const root = mkdtempSync(join(tmpdir(), 'longtail-transformers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [PICTURES, CLASSES, SIDE] = [6, 3, 64];
/** Pictures as the set has them, class by class: picture i is of class i % 3. */
const ORDER = [0, 3, 1, 4, 2, 5];

type Arrays = Map<string, NamedArray>;
/** A file of that library, its names behind a prefix. */
function arraysOf({ shapes, bias }: Golden, prefix: string): Arrays {
  const value = (name: string, shape: readonly number[]): Float32Array => {
    if (/^(head|classifier)\.bias$/.test(name)) return Float32Array.from(bias);
    if (!/position|pos_embed/.test(name)) return drawnWeight(name, shape);
    return drawn(
      name,
      shape.reduce((a, b) => a * b),
      [-1, 1],
    );
  };
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      prefix + name,
      { dtype: 'float32', shape, data: value(name, shape) },
    ]),
  );
}

async function drawPictures(): Promise<void> {
  for (let i = 0; i < PICTURES; i++) {
    const light = drawn(`picture ${i}`, SIDE * SIDE * 3, [0, 40 * (i + 1)]);
    const pixels = Uint8Array.from(light, (value, at) => (at % 3 === i % 3 ? 0.25 * value : value));
    for (const split of ['train', 'test']) {
      mkdirSync(join(root, split, `${i % CLASSES}`), { recursive: true });
      const file = join(root, split, `${i % CLASSES}`, `${i}.png`);
      await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .png()
        .toFile(file);
    }
  }
}

const asked = (command: string, file: string, ...flags: string[]) =>
  longtail([
    ...[command, '--checkpoint', file, '--recipe', join(import.meta.dirname, 'folder-recipe.ts')],
    ...['--data', root, '--architecture', 'vit-s/16', ...flags],
  ]);

describe.skipIf(!torchLibrary())('a transformer in a file', { timeout: 240_000 }, () => {
  beforeAll(drawPictures);

  it.each([
    ['timm', 'state_dict.module.', 'state_dict.module.head', '224 x 224'],
    ['transformers', '', 'classifier', '64 x 64'],
  ] as const)('by the names of %s', async (library, prefix, head, pictureSize) => {
    const file = join(root, `${library}.safetensors`);
    writeFileSync(file, encodeSafetensors(arraysOf(golden[library], prefix)));
    const { features, classes } = golden[library];
    const out = join(root, 'features.safetensors');
    const extracted = await asked('extract', file, '--out', out);
    expect([extracted.code, extracted.stderr]).toEqual([0, expect.any(String)]);
    const { arrays, metadata } = decodeSafetensors(readFileSync(out));
    const found = arrays.get('test.features')!.data as Float32Array;
    // Float32 sums of up to 1536 products in another order, fifty one behind the other.
    toBeCloseTo(
      found.filter((_, i) => i % 32 === 0),
      ORDER.flatMap((picture) => features[picture]!),
      { relative: 1e-4 },
    );
    expect(metadata).toMatchObject({ architecture: 'vit-s/16', pictureSize });
    const evaluated = await asked('evaluate', file, '--json');
    expect([evaluated.code, evaluated.stderr]).toEqual([0, expect.any(String)]);
    const { checkpoint, scores } = JSON.parse(evaluated.stdout);
    expect(scores.all).toBeCloseTo(classes.filter((c, i) => c === i % CLASSES).length / PICTURES, 6);
    expect(checkpoint).toMatchObject({
      prefix: library === 'timm' ? prefix : 'vit.',
      pictureSize,
      head: [`${head}.weight`, `${head}.bias`],
      leftOut: [],
    });
  });
});

describe('a file that does not fit', { timeout: 120_000 }, () => {
  beforeAll(async () => void (await loadEngine({ backend: 'wasm' })));
  const whole = arraysOf(golden.timm, '');
  const changed = (change: (arrays: Arrays) => void): Arrays => {
    const arrays = new Map(whole);
    change(arrays);
    return arrays;
  };
  const load = (arrays: Arrays, architecture: string) =>
    loadCheckpoint({ path: 'x.pth', sha256: '', metadata: {}, arrays }, { recipe: folder, architecture });
  const ended = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  const NAN: NamedArray = { dtype: 'float32', shape: [384], data: new Float32Array(384).fill(Number.NaN) };

  it.each<[string, Arrays, string, RegExp]>([
    [
      'of another architecture',
      whole,
      'dinov2-vit-s/14',
      /^x\.pth: the file does not fit dinov2-vit-s\/14: 24 missing: "blocks\.0\.ls1\.gamma".*; 1 of another shape: "patch_embed\.proj\.weight" \[384,3,16,16\] instead of \[384,3,14,14\]; name the architecture that it is of with --architecture, one of resnet-10, .*, vit-s\/8, /,
    ],
    [
      'of a transformer where a ResNet is asked for',
      whole,
      'resnet-10',
      /^x\.pth: the file does not fit resnet-10: \d+ missing: .*; name the architecture/,
    ],
    [
      'of a head alone',
      new Map([['fc.weight', NAN]]),
      'vit-s/16',
      /^x\.pth: expected the weights of a vision transformer, but none of the 1 names is one: fc\.weight; name the architecture/,
    ],
    [
      'NaN',
      changed((arrays) => arrays.set('norm.bias', NAN)),
      'vit-s/16',
      /^x\.pth: the file does not fit vit-s\/16: 1 unusable: "norm.bias" is NaN at element 0; take another copy of the file\.$/,
    ],
    [
      'two copies',
      changed((arrays) => {
        for (const [name, array] of whole) arrays.set(`ema; ${name}`, array).set(`teacher.${name}`, array);
      }),
      'vit-s/16',
      /^x\.pth: expected one vision transformer, but "cls_token" and "teacher\.cls_token" are both its cls_token; name one with --prefix\.$/,
    ],
    [
      'without positions',
      changed((arrays) => arrays.delete('pos_embed')),
      'vit-s/16',
      /^x\.pth: expected "pos_embed" among the weights, but it is missing; take another copy of the file\.$/,
    ],
  ])('%s', (_, arrays, architecture, message) => {
    const before = tf.memory().numTensors;
    const refused = ended(() => load(arrays, architecture));
    expect(refused).toBeInstanceOf(DataError);
    expect((refused as DataError).message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('and a name that is none; a good one is loaded after it', () => {
    const before = tf.memory().numTensors;
    expect(() => load(whole, 'vit-s/17')).toThrow(UsageError);
    const { backbone, rest, pictureSize } = load(whole, 'dino-vit-s/16');
    expect([...rest.keys()]).toEqual(['head.weight', 'head.bias']);
    expect(pictureSize).toBe('224 x 224');
    backbone.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
