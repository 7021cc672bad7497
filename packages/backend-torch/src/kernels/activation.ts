/** Activations: as kernels of their own, and behind a convolution or a matrix product in the same call. */
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { add, cast, full, scoped } from '../shims.ts';

const zero = (): Handle => full([], 0, 'float32');

/** max(x, 0) + expm1(min(x, 0)) */
function elu(x: Handle): Handle {
  return scoped((use) => {
    const below = use(call('aten::minimum', x, use(zero())));
    return add(use(call('aten::relu', x)), use(call('aten::expm1', below)));
  });
}

/** x where x >= 0, else alpha x, with alpha broadcast. */
function prelu(x: Handle, alpha: Handle): Handle {
  return scoped((use) => {
    const isPositive = use(call('aten::ge.Tensor', x, use(zero())));
    return call('aten::where.self', isPositive, x, use(call('aten::mul.Tensor', x, alpha)));
  });
}

/** The powers of 2 at the ends of float32. */
const [SMALL, LARGE] = [2 ** -126, 2 ** 127];

/** Beyond float32 alpha goes by factors: what it makes of x need not be 0 or infinite. */
function leakyRelu(x: Handle, alpha: number): Handle {
  const slope = Math.abs(alpha);
  const factor = slope === 0 || !Number.isFinite(slope) ? slope : Math.min(Math.max(slope, SMALL), LARGE);
  return scoped((use) =>
    Object.is(factor, slope)
      ? prelu(x, use(full([], alpha, 'float32')))
      : leakyRelu(use(leakyRelu(x, factor)), alpha / factor),
  );
}

/** log(1 + e^x), without overflow. */
const softplus = (x: Handle): Handle => scoped((use) => call('aten::logaddexp', x, use(zero())));

export type Activation = tf.FusedConv2DAttrs['activation'];

/** Puts an activation on a tensor of one's own, which is given back changed, or freed. */
export function activate(
  x: Handle,
  activation: Activation | undefined,
  { alpha = 0.2, weights }: { alpha?: number | undefined; weights?: Handle | undefined } = {},
): Handle {
  if (!activation || activation === 'linear') return x;
  if (activation === 'relu')
    return scoped((_, own) => {
      call('aten::relu_', own(x)).free();
      return x;
    });
  return scoped((use) => {
    use(x);
    switch (activation) {
      case 'elu':
        return elu(x);
      case 'relu6':
        return call('aten::relu6', x);
      case 'sigmoid':
        return call('aten::sigmoid', x);
      case 'leakyrelu':
        return leakyRelu(x, alpha);
      case 'prelu':
        return prelu(x, weights!);
    }
  });
}

export const activations: TorchKernel[] = [
  kernel(tf.Elu, ({ x }, _, backend) => backend.output(elu(backend.handle(x!)), x!.shape, 'float32')),
  kernel(tf.EluGrad, ({ dy, y }, _, backend) =>
    scoped((use) => {
      const [slope, value] = [backend.handle(dy!), backend.handle(y!)];
      const isPositive = use(call('aten::ge.Tensor', value, use(zero())));
      const below = use(call('aten::mul.Tensor', slope, use(add(value, use(full([], 1, 'float32'))))));
      return backend.output(call('aten::where.self', isPositive, slope, below), y!.shape, 'float32');
    }),
  ),
  kernel(tf.Selu, ({ x }, _, backend) =>
    backend.output(call('aten::selu', backend.handle(x!)), x!.shape, 'float32'),
  ),
  kernel(tf.Relu6, ({ x }, _, backend) =>
    backend.output(call('aten::relu6', backend.handle(x!)), x!.shape, x!.dtype),
  ),
  kernel(tf.Softplus, ({ x }, _, backend) =>
    backend.output(softplus(backend.handle(x!)), x!.shape, 'float32'),
  ),
  kernel<tf.LeakyReluAttrs>(tf.LeakyRelu, ({ x }, { alpha }, backend) =>
    scoped((use) =>
      backend.output(leakyRelu(use(cast(backend.handle(x!), 'float32')), alpha), x!.shape, 'float32'),
    ),
  ),
  kernel(tf.Prelu, ({ x, alpha }, _, backend) =>
    backend.output(prelu(backend.handle(x!), backend.handle(alpha!)), x!.shape, 'float32'),
  ),
];
