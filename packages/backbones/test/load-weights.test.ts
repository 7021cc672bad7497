/** State dicts as people's files hold them. */
import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import { drawn, drawnWeight, toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ARCHITECTURES, type Backbone, cifarResNet, loadWeights, resNet, saveWeights } from '../src/index.ts';

beforeAll(useTestBackend);

const make = (seed: number, depth = 8): Backbone => cifarResNet({ depth, width: 4, seed });
const behind = (prefix: string, arrays: ReadonlyMap<string, NamedArray>) =>
  new Map([...arrays].map(([name, array]) => [prefix + name, array]));
const head: NamedArray = { shape: [10, 16], data: new Float32Array(160) };
const counter: NamedArray = { shape: [], data: BigInt64Array.of(7n) };
const source = make(1);
const state = saveWeights(source);

/** What refuses the file leaves every weight as it was. */
function refusal(arrays: ReadonlyMap<string, NamedArray>, options = {}): DataError {
  const backbone = make(2);
  const before = saveWeights(backbone);
  try {
    loadWeights(backbone, arrays, options);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect(saveWeights(backbone)).toEqual(before);
    return error as DataError;
  } finally {
    backbone.dispose();
  }
  throw new Error('expected a refusal');
}

describe('loadWeights', () => {
  it.each([
    '',
    'module.',
    'backbone.',
    'model.',
    'encoder_q.',
    'state_dict.module.backbone.',
    'state_dict_best.feat_model.module.',
  ])('finds the weights behind "%s", and hands on the rest', (prefix) => {
    const backbone = make(2);
    const arrays = behind(prefix, new Map([...state, ['bn1.num_batches_tracked', counter]]));
    arrays.set(`${prefix}fc.weight`, head).set('classifier.fc.bias', head);
    const loaded = loadWeights(backbone, arrays);
    expect(loaded).toMatchObject({ prefix, missing: [] });
    expect([...loaded.rest.keys()]).toEqual([`${prefix}fc.weight`, 'classifier.fc.bias']);
    expect(saveWeights(backbone)).toEqual(state);
    backbone.dispose();
  });

  it('takes the query encoder of MoCo, and asks where nothing tells two copies apart', () => {
    const backbone = make(2);
    const other = new Map(
      [...state].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
    );
    const moco = new Map([...behind('module.encoder_k.', other), ...behind('module.encoder_q.', state)]);
    expect(loadWeights(backbone, moco).prefix).toBe('module.encoder_q.');
    expect(saveWeights(backbone)).toEqual(state);
    const dino = new Map([...behind('student.', other), ...behind('teacher.', state)]);
    expect(refusal(dino).message).toContain('as "student." and "teacher."; name one with `prefix`');
    loadWeights(backbone, dino, { prefix: 'student.' });
    expect(saveWeights(backbone)).toEqual(other);
    backbone.dispose();
  });

  it('takes float64 and halves as float32', () => {
    const backbone = make(2);
    const one = { float64: Float64Array, float16: Uint16Array, bfloat16: Uint16Array } as const;
    const bits = { float64: 1, float16: 0x3c00, bfloat16: 0x3f80 };
    for (const dtype of ['float64', 'float16', 'bfloat16'] as const) {
      const ones = new Map(
        [...state].map(([name, { shape, data }]) => [
          name,
          { dtype, shape, data: new one[dtype](data.length).fill(bits[dtype]) },
        ]),
      );
      loadWeights(backbone, ones as never);
      for (const { data } of saveWeights(backbone).values())
        expect((data as Float32Array).every((x) => x === 1)).toBe(true);
    }
    backbone.dispose();
  });

  it('keeps no array of the caller, and lends none', () => {
    const backbone = make(2);
    const mine = new Map(
      [...state].map(([name, { shape, data }]) => [name, { shape, data: (data as Float32Array).slice() }]),
    );
    loadWeights(backbone, mine);
    for (const { data } of mine.values()) data.fill(9);
    for (const { data } of saveWeights(backbone).values()) (data as Float32Array).fill(8);
    expect(saveWeights(backbone)).toEqual(state);
    backbone.dispose();
  });

  it.each(['bottleneck', 'basic'] as const)(
    'knows the names of transformers: %s (golden/hugging_face.py)',
    (block) => {
      const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/hugging_face.json'), 'utf8'))[
        block
      ];
      const how = ARCHITECTURES[block === 'basic' ? 'resnet-18' : 'resnet-50'];
      const backbone = resNet({ ...how, width: 8, layers: golden.depths }, { seed: 0 });
      const arrays = new Map(
        Object.entries(golden.shapes as Record<string, number[]>).map(([name, shape]) => [
          name,
          { shape, data: drawnWeight(name, shape) },
        ]),
      );
      const { prefix, rest } = loadWeights(backbone, arrays);
      expect([prefix, [...rest.keys()]]).toEqual(['resnet.', ['classifier.1.weight', 'classifier.1.bias']]);
      const images = tf.tensor4d(drawn('pictures', 2 * 40 * 33 * 3, [-2, 2]), [2, 40, 33, 3]);
      const features = tf.tidy(() => backbone.features(images, { training: false }).dataSync());
      toBeCloseTo(features, golden.features, { relative: 1e-5 });
      backbone.dispose();
    },
  );

  it('says all that does not fit in one sentence, with the nearest names', () => {
    const arrays = new Map(state);
    arrays.delete('layer2.0.conv1.weight');
    arrays.set('layer2.0.conv.weight', head);
    arrays.set('layer3.1.conv1.weight', head);
    arrays.set('bn1.bias', { shape: [3], data: new Float32Array(3) });
    arrays.set('bn1.weight', { shape: [4], data: Float32Array.of(1, Number.NaN, 1, 1) });
    arrays.set('bn1.running_var', { shape: [4], data: new Int32Array(4) });
    const nearest = /"layer2.0.conv1.weight" \(nearest: "state_dict.module.layer2.0.conv.weight"\)/;
    expect(refusal(behind('state_dict.module.', arrays)).message).toMatch(nearest);
    const { message, details } = refusal(arrays);
    expect(message).toBe(
      'the file does not fit cifar-resnet-8: 1 missing: "layer2.0.conv1.weight" (nearest: "layer2.0.conv.weight"); ' +
        '2 unexpected: "layer2.0.conv.weight", "layer3.1.conv1.weight"; 1 of another shape: "bn1.bias" [3] instead of [4]; ' +
        '2 unusable: "bn1.weight" is NaN at element 1, "bn1.running_var" holds no floating-point numbers; ' +
        'load it into the architecture it is of.',
    );
    expect(details).toMatchObject({ missing: ['layer2.0.conv1.weight'], prefix: '' });
  });

  it('refuses a deeper network, whose first blocks would fit, and a file of something else', () => {
    const deep = make(1, 14);
    expect(refusal(saveWeights(deep)).message).toMatch(/30 unexpected: .* and 27 more; .*`strict: false`\.$/);
    deep.dispose();
    expect(refusal(new Map([['fc.weight', head]])).message).toMatch(/35 missing/);
    expect(refusal(new Map([['fc.weight', head]]), { strict: false }).message).toMatch(/35 missing/);
    const parts = new Map([...state].filter(([key]) => /layer[12]/.test(key)));
    expect(refusal(parts).message).toMatch(/missing/);
    expect(refusal(state, { prefix: 'module.' }).message).toMatch(/35 missing/);
    const infinite = new Map(state).set('bn1.bias', { shape: [4], data: Float64Array.of(0, 0, 1e39, 0) });
    expect(refusal(infinite, { strict: false }).message).toMatch(/"bn1.bias" is Infinity at element 2/);
  });

  it('without strict says what was left out', () => {
    const backbone = make(2);
    const kept = saveWeights(backbone).get('bn1.bias');
    const arrays = behind('module.', state);
    arrays.delete('module.bn1.bias');
    arrays.set('module.attention.weight', head);
    const loaded = loadWeights(backbone, arrays, { strict: false });
    expect(loaded).toMatchObject({ missing: ['bn1.bias'], unexpected: ['module.attention.weight'] });
    expect(saveWeights(backbone)).toEqual(new Map(state).set('bn1.bias', kept!));
    backbone.dispose();
  });
});
