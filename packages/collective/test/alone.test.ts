import '@tensorflow/tfjs';
import { InputError, LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as collective from '../src/index.ts';

const group = await collective.openCollective();
beforeAll(useTestBackend);

describe('one process', () => {
  it('is a group of one', () => {
    expect(group).toMatchObject({ rank: 0, size: 1, transport: 'alone' });
  });

  it('leaves every value as it is, and makes no tensor', () => {
    const tensors = [tf.tensor1d([1, 2]), tf.scalar(3, 'int32'), tf.variable(tf.zeros([0, 4]))];
    const before = tf.memory().numTensors;
    group.allReduce(tensors);
    group.broadcast(tensors);
    group.startAllReduce(tensors).wait();
    expect(tf.memory().numTensors).toBe(before);
    expect(tensors.map((x) => [...x.dataSync()])).toEqual([[1, 2], [3], []]);
    tf.dispose(tensors);
  });

  it('gives its own bytes and numbers back', () => {
    const counts = BigInt64Array.of(5n);
    group.reduceArrays([counts], { operation: 'max' });
    expect(counts).toEqual(BigInt64Array.of(5n));
    expect(group.gather(Uint8Array.of(1, 2))).toEqual([Uint8Array.of(1, 2)]);
    expect(group.broadcastBytes(Uint8Array.of(7))).toEqual(Uint8Array.of(7));
  });

  it('refuses tensors that have no sum', () => {
    const gone = tf.scalar(1);
    gone.dispose();
    expect(() => group.allReduce([gone])).toThrow(/tensors\[0\].*disposed/);
    expect(() => group.allReduce([tf.scalar(true, 'bool')])).toThrow(InputError);
    expect(() => group.allReduce([tf.scalar(1, 'int32')], { mean: true })).toThrow(
      /float32, but it is int32/,
    );
  });
});

const w = tf.scalar(1);
testArguments(
  {
    openCollective: [async (options: object) => (await collective.openCollective(options)).size, {}],
    allReduce: [group.allReduce, [w], { mean: true, bucketBytes: 100 }],
    startAllReduce: [
      (tensors: never, options: never) => group.startAllReduce(tensors, options).wait(),
      [w],
      { mean: true, bucketBytes: 100 },
    ],
    reduceArrays: [group.reduceArrays, [Int32Array.of(1)], { operation: 'sum' }],
    gather: [group.gather, Uint8Array.of(1)],
    broadcast: [group.broadcast, [w], { root: 0 }],
    broadcastBytes: [group.broadcastBytes, Uint8Array.of(1), { root: 0 }],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
