/** A convolution with its bias and a sum in one pass, by oneDNN's post-operations where libtorch has them; ReLU in place. */
import { InputError } from '@longtail/core';
import {
  FusedConv2DGeneral,
  type FusedConv2DGeneralAttributes,
  type FusedConv2DGeneralInputs,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { abiFor } from '../older.ts';
import { oneDnn } from '../onednn.ts';
import { add, scoped } from '../shims.ts';
import { activate } from './activation.ts';
import { type ConvAttributes, convolve, convShape, filterOf, preparedForward } from './conv.ts';
import { ofGeneral } from './general-conv.ts';
import { byMachineCode } from './machine-conv.ts';
import { channelsLast, channelsSecond } from './spatial.ts';
import { byWinograd } from './winograd-conv.ts';

interface Operands {
  readonly x: Handle;
  readonly filter: Handle;
  readonly bias: Handle;
  readonly residual: Handle | undefined;
}
type Activation = FusedConv2DGeneralAttributes['activation'];

const POINTWISE = 'mkldnn::_convolution_pointwise';
/** With a sum 2.11 refuses some places, of single channels for instance. */
const hasPointwise = ({ isSum }: { isSum: boolean }): boolean =>
  native().device.kind === 'cpu' && oneDnn().isThere && !(isSum && native().abi < abiFor([2, 12]));

function onePass(
  { x, filter, bias, residual }: Operands,
  how: ConvAttributes,
  activation: Activation,
): Handle {
  return scoped((use) => {
    const { images, weight, strides, inside } = preparedForward(x, filter, how, use);
    const places = [inside, strides, how.dilations, how.groups] as const;
    const y = residual
      ? call(
          `${POINTWISE}.binary`,
          images,
          use(channelsSecond(residual, 2)),
          weight,
          optional(bias),
          ...places,
          'add',
          null,
          null,
          [],
          null,
        )
      : call(POINTWISE, images, weight, optional(bias), ...places, 'none', [], null);
    // Not its post-operation: there a ReLU of NaN is 0, and a network that gives NaN would pass for one that does not.
    return channelsLast(use(activate(y, activation)), 2);
  });
}

function threePasses(
  { x, filter, bias, residual }: Operands,
  how: ConvAttributes,
  activation: Activation,
): Handle {
  return scoped((use) => {
    const y = convolve(x, filter, how, { bias });
    return activate(residual ? add(use(y), residual) : y, activation);
  });
}

export const fusedConv: TorchKernel[] = [
  kernel<FusedConv2DGeneralAttributes>(
    FusedConv2DGeneral.name,
    (inputs, { activation, ...general }, backend) =>
      scoped((use) => {
        const { x, filter, bias, residual } = inputs as unknown as FusedConv2DGeneralInputs;
        const how = ofGeneral(general);
        const shape = convShape(x.shape, filter.shape, how);
        if (residual && !tf.util.arraysEqual(residual.shape, shape))
          throw new InputError(
            `a convolution to [${shape}] needs a residual of that shape, but got [${residual.shape}].`,
          );
        const options = { shape, backend, isRelu: activation === 'relu' };
        const given = { x, filter, bias, residual };
        const fast = byMachineCode(given, how, options) ?? byWinograd(given, how, options);
        if (fast) return backend.output(fast, shape, 'float32');
        const weight = filterOf(filter, backend, use);
        const operands = {
          x: backend.operand(x, use),
          filter: weight,
          bias: backend.operand(bias, use),
          residual: residual && backend.operand(residual, use),
        };
        const run = x.size > 0 && hasPointwise({ isSum: residual !== undefined }) ? onePass : threePasses;
        return backend.output(run(operands, how, activation), shape, 'float32');
      }),
  ),
];
