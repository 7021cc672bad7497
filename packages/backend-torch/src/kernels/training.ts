/** The update, and what is written from the host straight into libtorch's memory. */
import {
  fillSeeded,
  ImagesFromBytes,
  type ImagesFromBytesAttributes,
  type SeededAttributes,
  SeededNormal,
  SeededUniform,
  type SgdMomentumAttributes,
  type SgdMomentumInputs,
  SgdMomentumStep,
  sgdMomentumLists,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany, float } from '../dispatch.ts';
import { lieAlike } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { add, cast, copyLike, scoped } from '../shims.ts';
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
  kernel<SgdMomentumAttributes>(SgdMomentumStep.name, (inputs, attributes, backend) =>
    scoped((use) => {
      const { variables, gradients, velocities } = sgdMomentumLists(inputs as unknown as SgdMomentumInputs);
      const { learningRate, momentum, weightDecay, nesterov } = attributes;
      // The fused kernel walks raw memory: a variable, its gradient and its velocity must lie in the same order.
      const weights = variables.map((variable) => backend.exclusive(variable));
      const grads = gradients.map((gradient, i) => {
        const given = backend.handle(gradient);
        return lieAlike(given, weights[i]!) ? given : use(copyLike(given, weights[i]!));
      });
      const moving = velocities.map((velocity, i) => backend.exclusive(velocity, weights[i]));
      callMany(
        'aten::_fused_sgd_',
        [
          weights,
          grads,
          momentum === 0 ? [] : moving,
          float(weightDecay),
          float(momentum),
          float(learningRate),
          float(0),
          nesterov,
          false,
          false,
          null,
          null,
        ],
        0,
      );
      return [];
    }),
  ),
];
