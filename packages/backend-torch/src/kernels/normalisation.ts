/** Batch normalisation in training and in inference. */

import { InputError } from '@longtail/core';
import {
  BatchNormGrad,
  type BatchNormGradInputs,
  BatchNormTrain,
  type BatchNormTrainAttributes,
  BatchNormTrainGrad,
  type BatchNormTrainInputs,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, float, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { add, addNumber, mul, mulNumber, reshape, scoped, type Use } from '../shims.ts';
import { deferredAffine } from './channelwise.ts';
import { reluGrad } from './elementwise.ts';
import { channelsLast, channelsSecond } from './spatial.ts';

/** libtorch wants the channels second: pictures by a view, any other rank as [n, C]. */
function turned(x: Handle, shape: number[], use: Use): Handle {
  return use(shape.length === 4 ? channelsSecond(x, 2) : reshape(x, [-1, shape.at(-1)!]));
}
function turnedBack(y: Handle, shape: number[], use: Use): Handle {
  return shape.length === 4 ? channelsLast(use(y), 2) : reshape(use(y), shape);
}

/** Whether each is a vector of x's channels: native_batch_norm reads as many values of it as there are channels. */
const areVectors = (x: tf.TensorInfo, all: readonly (tf.TensorInfo | undefined)[]): boolean =>
  all.every((info) => !info || (info.shape.length === 1 && info.shape[0] === x.shape.at(-1)));

/** @throws InputError when a vector is not of x's channels, or another tensor not of its shape */
function expectFitting(
  x: tf.TensorInfo,
  vectors: readonly tf.TensorInfo[],
  alike: readonly (tf.TensorInfo | undefined)[],
): void {
  const fits =
    areVectors(x, vectors) && alike.every((info) => !info || tf.util.arraysEqual(info.shape, x.shape));
  const shapes = [...vectors, ...alike].flatMap((info) => (info ? [`[${info.shape}]`] : [])).join(', ');
  if (!fits)
    throw new InputError(
      `batch normalisation of [${x.shape}] needs vectors of its channels and tensors of its shape, but got ${shapes}.`,
    );
}

/** Statistics of any shape that broadcasts to x's: (x - mean) / sqrt(variance + epsilon) * scale + offset. */
function placeByPlace(
  {
    x,
    mean,
    variance,
    scale,
    offset,
  }: Record<'x' | 'mean' | 'variance', tf.TensorInfo> & Record<'scale' | 'offset', tf.TensorInfo | undefined>,
  epsilon: number,
  backend: TorchBackend,
): tf.TensorInfo {
  return scoped((use) => {
    const spread = use(addNumber(backend.handle(variance), epsilon));
    const centred = use(add(backend.handle(x), backend.handle(mean), -1));
    const normalised = use(mul(centred, use(call('aten::rsqrt', spread))));
    const scaled = scale ? use(mul(normalised, backend.handle(scale))) : normalised;
    const y = offset ? add(scaled, backend.handle(offset)) : call('aten::alias', scaled);
    return backend.output(y, x.shape, 'float32');
  });
}

/** 1 / sqrt(variance + epsilon), kept with the variance for the gradient. */
function rate(variance: tf.TensorInfo, epsilon: number, backend: TorchBackend): Handle {
  const key = `rate ${epsilon}`;
  const [kept] = backend.keptWith(variance, key) ?? [];
  if (kept) return kept;
  const made = scoped((use) => call('aten::rsqrt', use(addNumber(backend.handle(variance), epsilon))));
  backend.keepWith(variance, key, [made]);
  return made;
}

export const normalisation: TorchKernel[] = [
  kernel<BatchNormTrainAttributes>(
    BatchNormTrain.name,
    (inputs, { momentum, epsilon, activation }, backend) =>
      scoped((use, own) => {
        const { x, scale, offset, runningMean, runningVariance, residual } =
          inputs as unknown as BatchNormTrainInputs;
        expectFitting(x, [scale, offset, runningMean, runningVariance], [residual]);
        const args = [
          turned(backend.handle(x), x.shape, use),
          optional(backend.handle(scale)),
          optional(backend.handle(offset)),
          optional(backend.exclusive(runningMean)),
          optional(backend.exclusive(runningVariance)),
          true,
          float(momentum),
          float(epsilon),
        ];
        const [normalised, mean, inverseDeviation] = callMany('aten::native_batch_norm', args, 3);
        own(mean!);
        own(inverseDeviation!);
        const last = own(turnedBack(normalised!, x.shape, use));
        const sum = residual ? own(add(use(last), backend.handle(residual))) : last;
        if (activation === 'relu') call('aten::relu_', sum).free();
        return [
          backend.output(sum, x.shape, 'float32'),
          backend.output(mean!, scale.shape, 'float32'),
          backend.output(inverseDeviation!, scale.shape, 'float32'),
        ];
      }),
  ),
  kernel<BatchNormTrainAttributes>(BatchNormTrainGrad.name, (inputs, { epsilon, activation }, backend) =>
    scoped((use, own) => {
      const { dy, y, x, scale, mean, inverseDeviation } = inputs;
      expectFitting(x!, [scale!, mean!, inverseDeviation!], [dy, y]);
      const dz = own(
        activation === 'relu'
          ? reluGrad(backend.handle(dy!), backend.handle(y!))
          : call('aten::alias', backend.handle(dy!)),
      );
      const [dx, dscale, doffset] = callMany(
        'aten::native_batch_norm_backward',
        [
          turned(dz, x!.shape, use),
          turned(backend.handle(x!), x!.shape, use),
          optional(backend.handle(scale!)),
          null,
          null,
          optional(backend.handle(mean!)),
          optional(backend.handle(inverseDeviation!)),
          true,
          float(epsilon),
          [true, true, true],
        ],
        3,
      );
      return [
        backend.output(turnedBack(dx!, x!.shape, use), x!.shape, 'float32'),
        backend.output(dscale!, scale!.shape, 'float32'),
        backend.output(doffset!, scale!.shape, 'float32'),
        activation === 'relu'
          ? backend.output(dz, x!.shape, 'float32')
          : backend.output(dz, x!.shape, 'float32', dy),
      ];
    }),
  ),
  kernel<{ epsilon: number }>(BatchNormGrad.name, (inputs, { epsilon }, backend) => {
    const given = inputs as unknown as BatchNormGradInputs;
    const { dy, x, mean, variance, scale } = given;
    expectFitting(x, [], [dy]);
    // Of nothing, libtorch divides by zero.
    if (x.size === 0 || !areVectors(x, [mean, variance, scale]))
      return tf.tidy(() => BatchNormGrad.define(given, { epsilon }));
    return scoped((use, own) => {
      const [none, ...slopes] = callMany(
        'aten::native_batch_norm_backward',
        [
          turned(backend.handle(dy), x.shape, use),
          turned(backend.handle(x), x.shape, use),
          optional(backend.handle(scale)),
          optional(backend.handle(mean)),
          optional(backend.handle(variance)),
          null,
          null,
          false,
          float(epsilon),
          [false, true, true],
        ],
        3,
      );
      use(none!);
      const [dscale, doffset] = slopes.map(own) as [Handle, Handle];
      const slope = rate(variance, epsilon, backend);
      const factor = use(mul(slope, backend.handle(scale)));
      const dmean = own(call('aten::neg', use(mul(doffset, factor))));
      const halved = use(mulNumber(use(mul(factor, slope)), -0.5));
      const dvariance = own(mul(dscale, halved));
      return [
        deferredAffine(dy, { scale: factor }, backend),
        ...[dscale, doffset, dmean, dvariance].map((d) => backend.output(d, scale.shape, 'float32')),
      ];
    });
  }),
  kernel<tf.FusedBatchNormAttrs>(
    tf.FusedBatchNorm,
    ({ x, scale, offset, mean, variance }, { varianceEpsilon: epsilon = 1e-3 }, backend) => {
      const isEmpty = tf.util.sizeFromShape(x!.shape) === 0;
      if (isEmpty || !areVectors(x!, [mean, variance, scale, offset]))
        return placeByPlace({ x: x!, mean: mean!, variance: variance!, scale, offset }, epsilon, backend);
      return scoped((use) => {
        const slope = rate(variance!, epsilon, backend);
        const factor = scale ? use(mul(slope, backend.handle(scale))) : slope;
        const centre = use(mul(backend.handle(mean!), factor));
        const shift = use(offset ? add(backend.handle(offset), centre, -1) : call('aten::neg', centre));
        return deferredAffine(x!, { scale: factor, shift }, backend);
      });
    },
  ),
];
