/** The kernels of @longtail/kernels on libtorch, against their definitions. */
import { describeKernels } from '@longtail/kernels/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSame, library } from './both.ts';

if (library) describeKernels('torch', { expectSame });

describe.skipIf(!library)('memory', () => {
  it('reads what was written: int32, bool, text', async () => {
    await tf.setBackend('torch');
    expect([...tf.tensor1d([1, -7], 'int32').dataSync()]).toEqual([1, -7]);
    expect([...tf.tensor1d([true, false], 'bool').dataSync()]).toEqual([1, 0]);
    expect(tf.tensor1d(['a', 'β']).dataSync()).toEqual(['a', 'β']);
  });
});
