import { readFileSync } from 'node:fs';
import { DataError } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '../src/index.ts';

const sample = new Map<string, NamedArray>([
  ['weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -0.5) }],
  ['labels', { shape: [2], data: Int32Array.of(7, -1) }],
  ['pixels', { shape: [3], data: Uint8Array.of(0, 128, 255) }],
  ['steps', { shape: [], data: BigInt64Array.of(9n) }],
]);

describe('safetensors', () => {
  it('gives back what was written', () => {
    const { arrays, metadata } = decodeSafetensors(encodeSafetensors(sample, { seed: '0' }));
    expect([...arrays.keys()]).toEqual([...sample.keys()]);
    for (const [name, array] of sample) expect(arrays.get(name)).toMatchObject(array);
    expect(metadata).toEqual({ seed: '0' });
  });

  it('reads a file written by another program', (context) => {
    const path = sharedOrSkip(context, 'data/weights/imbalanced-DL_cifar10_exp_0.01_ERM.safetensors');
    const { arrays } = decodeSafetensors(readFileSync(path));
    expect(arrays.get('backbone.conv1.weight')?.shape).toEqual([16, 3, 3, 3]);
    expect(arrays.get('classifier.weight')?.shape).toEqual([10, 64]);
    expect(arrays.get('classifier.weight')?.data.length).toBe(640);
  });

  it('refuses a file cut short or changed, at any byte, with a DataError', () => {
    const file = encodeSafetensors(sample);
    for (let length = 0; length < file.length; length++)
      expect(() => decodeSafetensors(file.subarray(0, length))).toThrow(DataError);
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(file);
        changed[at] = byte;
        try {
          decodeSafetensors(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
