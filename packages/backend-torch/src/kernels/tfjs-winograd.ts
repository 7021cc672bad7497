/** tfjs's own kernels of plain convolutions by Winograd's way, for pictures whose channels come last. */
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import type { Handle } from '../handle.ts';
import type { Inputs, KernelFunction } from '../kernel.ts';
import { convShape, ofTfjs } from './conv.ts';
import { byWinograd, filterGradByWinograd, inputGradByWinograd } from './winograd-conv.ts';

/** undefined: the usual kernel has to do it. */
type Fast<Attributes> = (inputs: Inputs, attributes: Attributes, backend: TorchBackend) => Made | undefined;
type Made = readonly [handle: Handle | undefined, shape: number[]];
type Gradient<Attributes> = Attributes & { dilations?: number | [number, number] };

export const fastForward: Fast<tf.FusedConv2DAttrs> = (
  { x, filter, bias, preluActivationWeights },
  attributes,
  backend,
) => {
  const { activation = 'linear' } = attributes;
  if (preluActivationWeights || (activation !== 'linear' && activation !== 'relu')) return undefined;
  const how = ofTfjs(x!.shape, filter!.shape, attributes);
  const shape = convShape(x!.shape, filter!.shape, how);
  const options = { shape, backend, isRelu: activation === 'relu' };
  return [byWinograd({ x: x!, filter: filter!, bias }, how, options), shape];
};

export const fastInputGradient: Fast<Gradient<tf.Conv2DBackpropInputAttrs>> = (
  { dy, filter },
  attributes,
  backend,
) => {
  const shape = attributes.inputShape;
  const how = ofTfjs(shape, filter!.shape, { dilations: 1, ...attributes });
  return [inputGradByWinograd({ dy: dy!, filter: filter! }, how, { shape, backend }), shape];
};

export const fastFilterGradient: Fast<Gradient<tf.Conv2DBackpropFilterAttrs>> = (
  { dy, x },
  attributes,
  backend,
) => {
  const shape = attributes.filterShape;
  const how = ofTfjs(x!.shape, shape, { dilations: 1, ...attributes });
  return [filterGradByWinograd({ dy: dy!, x: x! }, how, { shape, backend }), shape];
};

/** The kernel, but Winograd's way where that is faster. */
export function winogradOr<Attributes extends { dataFormat: 'NHWC' | 'NCHW' }>(
  fast: Fast<Attributes>,
  usual: KernelFunction<Attributes>,
): KernelFunction<Attributes> {
  return (inputs, attributes, backend) => {
    const isMeant = attributes.dataFormat !== 'NCHW';
    const [handle, shape] = (isMeant && fast(inputs, attributes, backend)) || [];
    return handle ? backend.output(handle, shape!, 'float32') : usual(inputs, attributes, backend);
  };
}
