/** What transformers are made of beside attention: linear layers, layer normalisation and GELU, with their gradients. */
import {
  Gelu,
  type GeluAttributes,
  GeluGrad,
  LayerNorm,
  type LayerNormAttributes,
  LayerNormGrad,
  Linear,
  SIGMOID_RATE,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, float, optional } from '../dispatch.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { inOrder, mulNumber, scoped } from '../shims.ts';
import { expectShapes } from './check-shapes.ts';
import { isOneDnnFaster, linearProduct } from './linear-product.ts';

const vector = (info: tf.TensorInfo, backend: TorchBackend) => optional(backend.handle(info));

const layerNorm: TorchKernel[] = [
  kernel<LayerNormAttributes>(LayerNorm.name, ({ x, scale, offset }, { epsilon }, backend) =>
    scoped((_, own) => {
      const [width, rows] = [x!.shape.at(-1)!, [...x!.shape.slice(0, -1), 1]];
      const vectors = [vector(scale!, backend), vector(offset!, backend)];
      const args = [backend.handle(x!), [width], ...vectors, float(epsilon)];
      const [y, mean, rate] = callMany('aten::native_layer_norm', args, 3).map(own);
      return [
        backend.output(y!, x!.shape, 'float32'),
        backend.output(mean!, rows, 'float32'),
        backend.output(rate!, rows, 'float32'),
      ];
    }),
  ),
  kernel(LayerNormGrad.name, ({ dy, x, scale, mean, inverseDeviation }, _, backend) =>
    scoped((__, own) => {
      const [width, rows] = [x!.shape.at(-1)!, [...x!.shape.slice(0, -1), 1]];
      expectShapes('the gradient of layerNorm', [
        [dy!, x!.shape],
        [scale!, [width]],
        [mean!, rows],
        [inverseDeviation!, rows],
      ]);
      const statistics = [backend.handle(mean!), backend.handle(inverseDeviation!)];
      const weights = [vector(scale!, backend), vector(scale!, backend)]; // of the offset only whether there is one
      const given = [backend.handle(dy!), backend.handle(x!), [width], ...statistics, ...weights];
      const [dx, dscale, doffset] = callMany(
        'aten::native_layer_norm_backward',
        [...given, [true, true, true]],
        3,
      ).map(own);
      return [
        backend.output(dx!, x!.shape, 'float32'),
        backend.output(dscale!, [width], 'float32'),
        backend.output(doffset!, [width], 'float32'),
      ];
    }),
  ),
];

const gelu: TorchKernel[] = [
  kernel<GeluAttributes>(Gelu.name, ({ x }, { form }, backend) => {
    const given = backend.handle(x!);
    if (form === 'erf') return backend.output(call('aten::gelu', given, 'none'), x!.shape, 'float32');
    return scoped((use, own) => {
      const y = own(mulNumber(given, SIGMOID_RATE));
      use(call('aten::sigmoid_', y));
      use(call('aten::mul_.Tensor', y, given));
      return backend.output(y, x!.shape, 'float32');
    });
  }),
  // y is silu(1.702 x) / 1.702, so its slope is silu's at 1.702 x.
  kernel<GeluAttributes>(GeluGrad.name, ({ dy, x }, { form }, backend) => {
    expectShapes('the gradient of gelu', [[dy!, x!.shape]]);
    const [slope, given] = [backend.handle(dy!), backend.handle(x!)];
    const dx =
      form === 'erf'
        ? call('aten::gelu_backward', slope, given, 'none')
        : scoped((use) => call('aten::silu_backward', slope, use(mulNumber(given, SIGMOID_RATE))));
    return backend.output(dx, x!.shape, 'float32');
  }),
];

export const transformer: TorchKernel[] = [
  ...layerNorm,
  ...gelu,
  kernel(Linear.name, ({ x, weight, bias }, _, backend) =>
    scoped((use) => {
      const shape = [x!.shape[0]!, weight!.shape[0]!];
      const ordered = (one: tf.TensorInfo) => inOrder(backend.operand(one, use), use);
      const [given, matrix] = [ordered(x!), ordered(weight!)];
      const offset = bias && backend.operand(bias, use);
      const fits =
        x!.shape[1] === weight!.shape[1] && (!bias || tf.util.arraysEqual(bias.shape, [shape[1]!]));
      const y =
        fits && isOneDnnFaster(tf.util.sizeFromShape(shape) * x!.shape[1]!, backend)
          ? linearProduct(given, { weight: matrix, bias: offset })
          : call('aten::linear', given, matrix, offset ? optional(offset) : null);
      return backend.output(y, shape, 'float32');
    }),
  ),
];
