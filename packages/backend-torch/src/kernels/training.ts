/** What is written from the host straight into libtorch's memory. */
import {
  fillSeeded,
  ImagesFromBytes,
  type ImagesFromBytesAttributes,
  type SeededAttributes,
  SeededNormal,
  SeededUniform,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { add, cast, scoped } from '../shims.ts';
import { fromHost } from '../transfer.ts';
import { floats } from './spatial.ts';

type Law = 'normal' | 'uniform';

const seeded = (name: string, law: Law): TorchKernel =>
  kernel<SeededAttributes>(name, (_, attributes, backend) => {
    const shape = [...attributes.shape];
    tf.util.assertNonNegativeIntegerDimensions(shape);
    const values = fillSeeded(new Float32Array(tf.util.sizeFromShape(shape)), law, attributes);
    return backend.output(fromHost(values, shape, 'float32'), shape, 'float32');
  });

export const training: TorchKernel[] = [
  seeded(SeededNormal.name, 'normal'),
  seeded(SeededUniform.name, 'uniform'),
  // (byte / 255 - mean) / std as one multiplication and one addition a value.
  kernel<ImagesFromBytesAttributes>(ImagesFromBytes.name, (_, { bytes, shape, mean, std }, backend) =>
    scoped((use) => {
      const stored = use(fromHost(bytes, shape, 'uint8'));
      const scale = use(floats(std.map((deviation) => 1 / (255 * deviation))));
      const shift = use(floats(std.map((deviation, c) => -mean[c]! / deviation)));
      const values = use(cast(stored, 'float32'));
      const result = add(use(call('aten::mul_.Tensor', values, scale)), shift);
      return backend.output(result, [...shape], 'float32');
    }),
  ),
];
