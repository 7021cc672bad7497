/** What transformers are made of: linear layers, layer normalisation, GELU and attention, with their gradients. */
import { InputError } from '@longtail/core';
import {
  Gelu,
  type GeluAttributes,
  GeluGrad,
  LayerNorm,
  type LayerNormAttributes,
  LayerNormGrad,
  Linear,
  SelfAttention,
  type SelfAttentionAttributes,
  SelfAttentionGrad,
  type SelfAttentionGradInputs,
  type SelfAttentionInputs,
  SIGMOID_RATE,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, float, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { mulNumber, permute, reshape, scoped, slice, type Use } from '../shims.ts';

/** @throws InputError where libtorch would read beyond a tensor, or broadcast it */
function expectShapes(name: string, all: readonly (readonly [tf.TensorInfo, readonly number[]])[]): void {
  for (const [{ shape }, wanted] of all)
    if (!tf.util.arraysEqual(shape, [...wanted]))
      throw new InputError(`${name} needs tensors of one shape: [${wanted}], but got [${shape}].`);
}

/** [N, T, D] as [N, heads, T, d], and back: views. */
const splitHeads = (x: Handle, [n, tokens, heads, each]: readonly number[], use: Use): Handle =>
  use(permute(use(reshape(x, [n!, tokens!, heads!, each!])), [0, 2, 1, 3]));
const joinHeads = (x: Handle, [n, tokens, heads, each]: readonly number[], use: Use): Handle =>
  reshape(use(permute(x, [0, 2, 1, 3])), [n!, tokens!, heads! * each!]);

/** [N, T, heads, d] */
const sizesOf = ({ shape: [n, tokens, width] }: tf.TensorInfo, heads: number): number[] => [
  n!,
  tokens!,
  heads,
  width! / (3 * heads),
];

/** q, k and v as views of their memory, which the attention takes as they lie. */
function partsOf(qkv: Handle, sizes: readonly number[], use: Use): Handle[] {
  const width = sizes[2]! * sizes[3]!;
  return [0, 1, 2].map((i) => splitHeads(use(slice(qkv, 2, i * width, (i + 1) * width)), sizes, use));
}

/** Whether libtorch's attention of few passes reaches: it is written for CPUs, and divides by the tokens. */
const isReached = (qkv: tf.TensorInfo): boolean =>
  native().device.kind === 'cpu' && tf.util.sizeFromShape(qkv.shape) > 0;

const attention: TorchKernel[] = [
  kernel<SelfAttentionAttributes>(SelfAttention.name, (inputs, { heads }, backend) => {
    const given = inputs as unknown as SelfAttentionInputs;
    const { qkv } = inputs;
    if (!isReached(qkv!)) return tf.tidy(() => SelfAttention.define(given, { heads }));
    const sizes = sizesOf(qkv!, heads);
    const [n, tokens, , each] = sizes as [number, number, number, number];
    return scoped((use, own) => {
      const parts = partsOf(backend.operand(qkv!, use), sizes, use);
      const args = [...parts, float(0), false, null, null];
      const [y, logSums] = callMany('aten::_scaled_dot_product_flash_attention_for_cpu', args, 2);
      own(logSums!);
      const joined = own(joinHeads(use(y!), sizes, use));
      return [
        backend.output(joined, [n, tokens, heads * each], 'float32'),
        backend.output(logSums!, [n, heads, tokens], 'float32'),
      ];
    });
  }),
  kernel<SelfAttentionAttributes>(SelfAttentionGrad.name, (inputs, { heads }, backend) => {
    const { dy, qkv, y, logSums } = inputs;
    const sizes = sizesOf(qkv!, heads);
    const [n, tokens, , each] = sizes as [number, number, number, number];
    const whole = [n, tokens, heads * each];
    expectShapes('the gradient of selfAttention', [
      [dy!, whole],
      [y!, whole],
      [logSums!, [n, heads, tokens]],
    ]);
    if (!isReached(qkv!))
      return tf.tidy(() =>
        SelfAttentionGrad.define(inputs as unknown as SelfAttentionGradInputs, { heads }),
      ) as tf.Tensor;
    return scoped((use) => {
      const heading = (x: tf.TensorInfo) => splitHeads(backend.operand(x, use), sizes, use);
      const parts = partsOf(backend.operand(qkv!, use), sizes, use);
      const args = [
        heading(dy!),
        ...parts,
        heading(y!),
        backend.handle(logSums!),
        float(0),
        false,
        null,
        null,
      ];
      const slopes = callMany('aten::_scaled_dot_product_flash_attention_for_cpu_backward', args, 3).map(use);
      const joined = slopes.map((slope) => use(joinHeads(slope, sizes, use)));
      return backend.output(call('aten::cat', joined, 2), qkv!.shape, 'float32');
    });
  }),
];

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
  ...attention,
  ...layerNorm,
  ...gelu,
  kernel(Linear.name, ({ x, weight, bias }, _, backend) =>
    scoped((use) => {
      const shape = [x!.shape[0]!, weight!.shape[0]!];
      const offset = bias ? optional(backend.operand(bias, use)) : null;
      const y = call('aten::linear', backend.operand(x!, use), backend.operand(weight!, use), offset);
      return backend.output(y, shape, 'float32');
    }),
  ),
];
