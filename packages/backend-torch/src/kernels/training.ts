/** The loss, the update, and what is written from the host straight into libtorch's memory. */
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
  SparseCrossEntropy,
  SparseCrossEntropyGrad,
  sgdMomentumLists,
} from '@longtail/kernels';
import { call, callMany, float } from '../dispatch.ts';
import { type Handle, lieAlike } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, cast, copyLike, full, scoped } from '../shims.ts';
import { fromHost } from '../transfer.ts';
import { checkPlaces } from './check-places.ts';
import { floats } from './spatial.ts';

type Law = 'normal' | 'uniform';

const seeded = (name: string, law: Law): TorchKernel =>
  kernel<SeededAttributes>(name, (_, attributes, backend) => {
    const shape = [...attributes.shape];
    const values = fromHost(shape, 'float32', (bytes) => {
      fillSeeded(new Float32Array(bytes), law, attributes);
    });
    return backend.output(values, shape, 'float32');
  });

const widened = (labels: Handle): Handle => cast(labels, 'int64');

export const training: TorchKernel[] = [
  seeded(SeededNormal.name, 'normal'),
  seeded(SeededUniform.name, 'uniform'),
  // (byte / 255 - mean) / std as one multiplication and one addition a value.
  kernel<ImagesFromBytesAttributes>(ImagesFromBytes.name, (_, { bytes, shape, mean, std }, backend) =>
    scoped((use) => {
      const stored = use(fromHost(shape, 'uint8', (place) => new Uint8Array(place).set(bytes)));
      const scale = use(floats(std.map((deviation) => 1 / (255 * deviation))));
      const shift = use(floats(std.map((deviation, c) => -mean[c]! / deviation)));
      const values = use(cast(stored, 'float32'));
      const result = add(use(call('aten::mul_.Tensor', values, scale)), shift);
      return backend.output(result, [...shape], 'float32');
    }),
  ),
  kernel(SparseCrossEntropy.name, ({ logits, labels }, _, backend) =>
    scoped((use, own) => {
      checkPlaces(labels!, backend, { name: 'sparseCrossEntropy', count: logits!.shape[1]! });
      const logProbabilities = own(call('aten::_log_softmax', backend.handle(logits!), 1, false));
      const chosen = use(widened(backend.handle(labels!)));
      const [losses, weight] = callMany(
        'aten::nll_loss_forward',
        [logProbabilities, chosen, null, 0, -100],
        2,
      );
      use(weight!);
      return [
        backend.output(losses!, labels!.shape, 'float32'),
        backend.output(logProbabilities, logits!.shape, 'float32'),
      ];
    }),
  ),
  kernel(SparseCrossEntropyGrad.name, ({ dy, logProbabilities, labels }, _, backend) =>
    scoped((use) => {
      const log = backend.handle(logProbabilities!);
      const weight = use(full([], 0, 'float32')); // the total weight, unused without a reduction
      const chosen = use(widened(backend.handle(labels!)));
      const dlog = use(
        call('aten::nll_loss_backward', backend.handle(dy!), log, chosen, null, 0, -100, weight),
      );
      const dlogits = call('aten::_log_softmax_backward_data', dlog, log, 1, native().dtypes.float32);
      return backend.output(dlogits, logProbabilities!.shape, 'float32');
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
