import { DataError, InputError } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import { describe, expect, it } from 'vitest';
import { pictureSizeOf, resizePositions, timmNames, toTimmNames } from '../src/index.ts';

const array = (shape: number[], start = 0): NamedArray => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => start + i),
});
const file = (...names: string[]): Map<string, NamedArray> =>
  new Map(names.map((name, i) => [name, array([2, 2], 10 * i)]));

describe('toTimmNames', () => {
  it.each([
    ['module.blocks.3.attn.qkv.weight', 'blocks.3.attn.qkv.weight'],
    ['state_dict.module.blocks.3.attn.qkv.weight', 'blocks.3.attn.qkv.weight'],
    ['model_state_dict.net.norm.bias', 'norm.bias'],
    ['backbone.blocks.11.mlp.fc1.bias', 'blocks.11.mlp.fc1.bias'],
    ['visual.trunk.norm_pre.weight', 'norm_pre.weight'],
    ['vit.encoder.layer.0.layernorm_before.bias', 'blocks.0.norm1.bias'],
    ['dinov2.encoder.layer.9.layer_scale2.lambda1', 'blocks.9.ls2.gamma'],
    ['encoder.layers.encoder_layer_7.mlp.linear_2.weight', 'blocks.7.mlp.fc2.weight'],
    ['encoder.layers.encoder_layer_7.self_attention.in_proj_bias', 'blocks.7.attn.qkv.bias'],
    ['visual.transformer.resblocks.4.mlp.c_proj.weight', 'blocks.4.mlp.fc2.weight'],
    ['vision_model.post_layernorm.weight', 'norm.weight'],
    ['heads.head.weight', 'head.weight'],
    ['classifier.bias', 'head.bias'],
  ])('%s is %s', (theirs, ours) => {
    expect(toTimmNames(file(theirs))).toEqual(new Map([[ours, array([2, 2])]]));
  });

  it('says which names of the file it takes', () => {
    const key = 'model.vit.encoder.layer.0.attention.attention.key.bias';
    const names = [key, 'model.vit.layernorm.bias', 'model.fc.weight'];
    expect([...timmNames(names)]).toEqual([
      [names[0], 'blocks.0.attn.k.bias'],
      [names[1], 'norm.bias'],
    ]);
    expect(() => timmNames(['fc.weight'])).toThrow(DataError);
  });

  it('leaves out what is no part of the features', () => {
    const others = [
      'text_model.encoder.layers.0.self_attn.q_proj.weight',
      'transformer.resblocks.0.ln_1.weight',
      'pooler.dense.weight',
      'embeddings.mask_token',
      'logit_scale',
      'vision_model.embeddings.position_ids',
    ];
    expect([...toTimmNames(file('visual.ln_post.bias', ...others)).keys()]).toEqual(['norm.bias']);
  });

  it('joins queries, keys and values in whatever type they are', () => {
    const part = (value: number): NamedArray => ({
      dtype: 'bfloat16',
      shape: [1, 2],
      data: Uint16Array.of(value, value + 1),
    });
    const name = (which: string) => `encoder.layer.2.attention.attention.${which}.weight`;
    const parts = [
      [name('value'), part(5)],
      [name('query'), part(1)],
      [name('key'), part(3)],
    ] as const;
    expect(toTimmNames(new Map(parts))).toEqual(
      new Map([
        [
          'blocks.2.attn.qkv.weight',
          { dtype: 'bfloat16', shape: [3, 2], data: Uint16Array.of(1, 2, 3, 4, 5, 6) },
        ],
      ]),
    );
    expect(() => toTimmNames(new Map(parts.slice(1)))).toThrow(DataError);
    expect(() => toTimmNames(new Map(parts.slice(1)))).toThrow('only 2 are there');
    const mixed = new Map([...parts, [name('key'), array([1, 2])]]);
    expect(() => toTimmNames(mixed)).toThrow('in one type, but they are bfloat16, Float32Array, bfloat16');
  });

  it("turns OpenAI's projection, and leaves the file's array alone", () => {
    const given = new Map([['visual.proj', array([2, 3])]]);
    const { shape, data } = toTimmNames(given).get('head.weight')!;
    expect({ shape, data: [...data] }).toEqual({ shape: [3, 2], data: [0, 3, 1, 4, 2, 5] });
    expect(given.get('visual.proj')).toEqual(array([2, 3]));
  });

  it('leaves what has an odd rank as it is, for loadWeights to name', () => {
    for (const name of ['cls_token', 'visual.positional_embedding'])
      expect([...toTimmNames(new Map([[name, array([])]])).values()]).toEqual([array([])]);
    expect(toTimmNames(new Map([['visual.proj', array([4])]]))).toEqual(new Map());
  });

  it('wants one transformer, and takes the one that is named', () => {
    const two = file('teacher.backbone.norm.weight', 'student.module.backbone.norm.weight');
    expect(() => toTimmNames(two)).toThrow(
      '"teacher.backbone.norm.weight" and "student.module.backbone.norm.weight" are both its norm.weight',
    );
    expect(toTimmNames(two, { prefix: 'student.' })).toEqual(new Map([['norm.weight', array([2, 2], 10)]]));
    expect(() => toTimmNames(two, { prefix: 'ema.' })).toThrow(
      'behind "ema.", but none of the 2 names is one',
    );
    expect(() => toTimmNames(file('layer1.0.conv1.weight'))).toThrow(DataError);
    expect(() => toTimmNames(new Map())).toThrow(DataError);
  });
});

describe('resizePositions', () => {
  const weights = (tokens: number): Map<string, NamedArray> =>
    new Map([
      ['pos_embed', array([1, tokens, 2])],
      ['patch_embed.proj.weight', array([2, 3, 4, 4])],
      ['norm.weight', array([2])],
    ]);

  it('gives back what fits already, and all else as it was', () => {
    const given = weights(10);
    expect(resizePositions(given, { pictureSize: 12 })).toEqual(given);
    const resized = resizePositions(given, { pictureSize: [8, 12] });
    expect(resized.get('norm.weight')).toBe(given.get('norm.weight'));
    expect(resized.get('pos_embed')!.shape).toEqual([1, 7, 2]);
    expect([...resized.get('pos_embed')!.data.subarray(0, 2)]).toEqual([0, 1]);
    expect(pictureSizeOf(given, { patch: 4 })).toBe(12);
  });

  it('refuses sides that are no multiples, positions of no grid, and weights without either', () => {
    expect(() => resizePositions(weights(10), { pictureSize: 14 })).toThrow(InputError);
    expect(() => resizePositions(weights(10), { pictureSize: 14 })).toThrow(
      "multiples of the patch's 4 pixels, but got 14 x 14",
    );
    expect(() => resizePositions(weights(8), { pictureSize: 12 })).toThrow('of a square grid of patches');
    expect(() => resizePositions(file('norm.weight'), { pictureSize: 12 })).toThrow(
      'expected "pos_embed" among',
    );
  });
});
