/** The loss, the update, and what is written from the host straight into libtorch's memory. */
import { InputError } from '@longtail/core';
import {
  fillSeeded,
  ImagesFromBytes,
  type ImagesFromBytesAttributes,
  LogSoftmaxRows,
  LogSoftmaxRowsGrad,
  type SeededAttributes,
  SeededNormal,
  SeededUniform,
  type SgdMomentumAttributes,
  type SgdMomentumInputs,
  SgdMomentumStep,
  SparseCrossEntropy,
  SparseCrossEntropyGrad,
  sgdMomentumLists,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany, float } from '../dispatch.ts';
import { lieAlike } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, cast, copyLike, reshape, scoped } from '../shims.ts';
import { fromHost } from '../transfer.ts';
import { checkPlaces } from './check-places.ts';
import { floats } from './spatial.ts';

type Law = 'normal' | 'uniform';

/** libtorch ignores one label in the loss; no int32 is this one. */
const NO_LABEL = -(2 ** 40);

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
  kernel(SparseCrossEntropy.name, ({ logits, labels }, _, backend) =>
    scoped((use) => {
      checkPlaces(labels!, backend, { name: 'sparseCrossEntropy', count: logits!.shape[1]! });
      const logProbabilities = use(call('aten::_log_softmax', backend.handle(logits!), 1, false));
      const chosen = use(cast(backend.handle(labels!), 'int64'));
      const args = [logProbabilities, chosen, null, 0, NO_LABEL];
      const [losses, weight] = callMany('aten::nll_loss_forward', args, 2);
      use(weight!);
      return backend.output(losses!, labels!.shape, 'float32');
    }),
  ),
  // (softmax - onehot) dy, the softmax changed in place.
  kernel(SparseCrossEntropyGrad.name, ({ dy, logits, labels }, _, backend) =>
    scoped((use, own) => {
      const slope = own(call('aten::_softmax', backend.handle(logits!), 1, false));
      const rows = [logits!.shape[0]!, 1];
      const column = use(reshape(backend.handle(dy!), rows));
      const chosen = use(reshape(use(cast(backend.handle(labels!), 'int64')), rows));
      use(call('aten::mul_.Tensor', slope, column));
      use(call('aten::scatter_add_', slope, 1, chosen, use(call('aten::neg', column))));
      return backend.output(slope, logits!.shape, 'float32');
    }),
  ),
  kernel(LogSoftmaxRows.name, ({ logits }, _, backend) =>
    backend.output(call('aten::_log_softmax', backend.handle(logits!), 1, false), logits!.shape, 'float32'),
  ),
  kernel(LogSoftmaxRowsGrad.name, ({ dy, y }, _, backend) => {
    // libtorch does not look, and would read beyond the smaller one.
    if (!tf.util.arraysEqual(dy!.shape, y!.shape))
      throw new InputError(
        `logSoftmax of [${y!.shape}] needs a gradient of its shape, but got [${dy!.shape}].`,
      );
    const args = [backend.handle(dy!), backend.handle(y!), 1, native().dtypes.float32] as const;
    return backend.output(call('aten::_log_softmax_backward_data', ...args), y!.shape, 'float32');
  }),
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
