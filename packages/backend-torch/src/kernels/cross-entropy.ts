/** Cross-entropy of labels, smoothed labels and soft targets, from logits, with their gradients; and log-softmax. */
import { InputError } from '@longtail/core';
import {
  LogSoftmaxRows,
  LogSoftmaxRowsGrad,
  SmoothedCrossEntropy,
  SmoothedCrossEntropyGrad,
  SoftCrossEntropy,
  SoftCrossEntropyGrad,
  SparseCrossEntropy,
  SparseCrossEntropyGrad,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, cast, reshape, scoped, type Use } from '../shims.ts';
import { checkPlaces } from './check-places.ts';
import { isLarge } from './moments.ts';

/** libtorch ignores one label in the loss; no int32 is this one. */
const NO_LABEL = -(2 ** 40);

/** @throws InputError where libtorch would broadcast, or read beyond the smaller one */
function expectAlike(name: string, a: tf.TensorInfo, b: tf.TensorInfo): void {
  if (!tf.util.arraysEqual(a.shape, b.shape))
    throw new InputError(`${name} needs tensors of one shape, but got [${a.shape}] and [${b.shape}].`);
}

const logSoftmax = (z: Handle): Handle => call('aten::_log_softmax', z, 1, false);

const KEY = 'log-softmax';

/** Where a gradient is to come, kept with the logits for it; of many, a softmax anew takes no longer than their exponentials. */
function logProbabilitiesOf(logits: tf.TensorInfo, backend: TorchBackend, use: Use): Handle {
  const made = logSoftmax(backend.handle(logits));
  if (tf.engine().state.gradientDepth === 0 || isLarge(logits)) return use(made);
  backend.keepWith(logits, KEY, [made]);
  return made;
}

/** In memory of its own: the logarithms that the loss has kept, if nobody took them before. */
function softmaxOf(logits: tf.TensorInfo, backend: TorchBackend): Handle {
  const [kept] = backend.takeWith(logits, KEY) ?? [];
  if (!kept) return call('aten::_softmax', backend.handle(logits), 1, false);
  return scoped((use, own) => {
    use(call('aten::exp_', own(kept)));
    return kept;
  });
}

/** Labels as libtorch wants them, kept with them. */
function int64Of(labels: tf.TensorInfo, backend: TorchBackend): Handle {
  const [kept] = backend.keptWith(labels, 'int64') ?? [];
  if (kept) return kept;
  const made = cast(backend.handle(labels), 'int64');
  backend.keepWith(labels, 'int64', [made]);
  return made;
}

const overClasses = (operator: 'sum.dim_IntList' | 'mean.dim', x: Handle, keep = false): Handle =>
  call(`aten::${operator}`, x, optional([1]), keep, optional(native().dtypes.float32));
const times = (a: Handle, b: Handle): Handle => call('aten::mul.Tensor', a, b);

/** a * b in a's place. */
function scale(a: Handle, b: Handle): void {
  call('aten::mul_.Tensor', a, b).free();
}

/** -log p of each row's label. */
function ofLabels(
  logProbabilities: Handle,
  labels: tf.TensorInfo,
  { classes, backend }: { classes: number; backend: TorchBackend },
): Handle {
  return scoped((use) => {
    checkPlaces(labels, backend, { name: 'cross-entropy', count: classes });
    const args = [logProbabilities, int64Of(labels, backend), null, 0, NO_LABEL];
    const [losses, weight] = callMany('aten::nll_loss_forward', args, 2);
    use(weight!);
    return losses!;
  });
}

/** Takes a value a row off the slope, at the row's label. */
function takeOff(slope: Handle, labels: Handle, column: Handle, rows: number): void {
  scoped((use) => {
    const places = use(reshape(labels, [rows, 1]));
    use(call('aten::scatter_add_', slope, 1, places, use(call('aten::neg', column))));
  });
}

export const crossEntropy: TorchKernel[] = [
  kernel(SparseCrossEntropy.name, ({ logits, labels }, _, backend) =>
    scoped((use) => {
      const logProbabilities = logProbabilitiesOf(logits!, backend, use);
      const losses = ofLabels(logProbabilities, labels!, { classes: logits!.shape[1]!, backend });
      return backend.output(losses, labels!.shape, 'float32');
    }),
  ),
  // (softmax - onehot) dy, the softmax changed in place.
  kernel(SparseCrossEntropyGrad.name, ({ dy, logits, labels }, _, backend) =>
    scoped((use, own) => {
      const rows = logits!.shape[0]!;
      const slope = own(softmaxOf(logits!, backend));
      const column = use(reshape(backend.handle(dy!), [rows, 1]));
      scale(slope, column);
      takeOff(slope, int64Of(labels!, backend), column, rows);
      return backend.output(slope, logits!.shape, 'float32');
    }),
  ),
  kernel(SmoothedCrossEntropy.name, ({ logits, labels, epsilon }, _, backend) =>
    scoped((use) => {
      const [classes, rate] = [logits!.shape[1]!, backend.handle(epsilon!)];
      const logProbabilities = logProbabilitiesOf(logits!, backend, use);
      const own = use(ofLabels(logProbabilities, labels!, { classes, backend }));
      const mean = use(overClasses('mean.dim', logProbabilities));
      // own - epsilon (own + mean)
      const losses = add(own, use(times(use(add(own, mean)), rate)), -1);
      return backend.output(losses, labels!.shape, 'float32');
    }),
  ),
  kernel(SmoothedCrossEntropyGrad.name, ({ dy, logits, labels, epsilon }, _, backend) =>
    scoped((use, own) => {
      const [rows, classes] = logits!.shape as [number, number];
      const column = use(reshape(backend.handle(dy!), [rows, 1]));
      const spread = use(times(column, use(reshape(backend.handle(epsilon!), [rows, 1]))));
      const whole = use(softmaxOf(logits!, backend));
      scale(whole, column);
      const slope = own(add(whole, spread, -1 / classes));
      takeOff(slope, int64Of(labels!, backend), use(add(column, spread, -1)), rows);
      return backend.output(slope, logits!.shape, 'float32');
    }),
  ),
  kernel(SoftCrossEntropy.name, ({ logits, targets }, _, backend) =>
    scoped((use) => {
      expectAlike('softCrossEntropy', logits!, targets!);
      const products = use(logSoftmax(backend.handle(logits!)));
      scale(products, backend.handle(targets!));
      const losses = call('aten::neg', use(overClasses('sum.dim_IntList', products)));
      return backend.output(losses, [logits!.shape[0]!], 'float32');
    }),
  ),
  // (softmax sum_c t - t) dy
  kernel(SoftCrossEntropyGrad.name, ({ dy, logits, targets }, _, backend) =>
    scoped((use, own) => {
      expectAlike('softCrossEntropy', logits!, targets!);
      const given = backend.handle(targets!);
      const whole = use(softmaxOf(logits!, backend));
      scale(whole, use(overClasses('sum.dim_IntList', given, true)));
      const slope = own(add(whole, given, -1));
      scale(slope, use(reshape(backend.handle(dy!), [logits!.shape[0]!, 1])));
      return backend.output(slope, logits!.shape, 'float32');
    }),
  ),
  kernel(LogSoftmaxRows.name, ({ logits }, _, backend) =>
    backend.output(logSoftmax(backend.handle(logits!)), logits!.shape, 'float32'),
  ),
  kernel(LogSoftmaxRowsGrad.name, ({ dy, y }, _, backend) => {
    expectAlike('the gradient of logSoftmax', y!, dy!);
    const args = [backend.handle(dy!), backend.handle(y!), 1, native().dtypes.float32] as const;
    return backend.output(call('aten::_log_softmax_backward_data', ...args), y!.shape, 'float32');
  }),
];
