/** The kernels of @longtail/kernels' convolution: explicit padding, and groups. */
import {
  Conv2DGeneral,
  type Conv2DGeneralAttributes,
  Conv2DGeneralFilterGrad,
  Conv2DGeneralInputGrad,
  type Conv2DGradAttributes,
} from '@longtail/kernels';
import { emptyHandle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { scoped } from '../shims.ts';
import { type ConvAttributes, convGradient, convolve, convShape, emptyFilter, filterOf } from './conv.ts';
import { byMachineCode, filterGradByMachineCode, inputGradByMachineCode } from './machine-conv.ts';
import { byWinograd, filterGradByWinograd, inputGradByWinograd } from './winograd-conv.ts';

export const ofGeneral = ({
  strides,
  padding: [t, b, l, r],
  dilations,
  groups,
}: Conv2DGeneralAttributes): ConvAttributes => ({
  strides,
  padding: [
    [t, b],
    [l, r],
  ],
  dilations,
  groups,
});

export const generalConv: TorchKernel[] = [
  kernel<Conv2DGeneralAttributes>(Conv2DGeneral.name, ({ x, filter }, attributes, backend) =>
    scoped((use) => {
      const how = ofGeneral(attributes);
      const shape = convShape(x!.shape, filter!.shape, how);
      const operands = { x: x!, filter: filter! };
      const fast =
        byMachineCode(operands, how, { shape, backend }) ?? byWinograd(operands, how, { shape, backend });
      if (fast) return backend.output(fast, shape, 'float32');
      const weight = filterOf(filter!, backend, use); // first: it may move x, if that is the same tensor
      return backend.output(convolve(backend.operand(x!, use), weight, how), shape, 'float32');
    }),
  ),
  kernel<Conv2DGradAttributes>(Conv2DGeneralInputGrad.name, ({ dy, filter }, attributes, backend) =>
    scoped((use) => {
      const how = ofGeneral(attributes);
      const shape = [...attributes.shape];
      const operands = { dy: dy!, filter: filter! };
      const options = { shape, backend };
      const fast =
        inputGradByMachineCode(operands, how, options) ?? inputGradByWinograd(operands, how, options);
      if (fast) return backend.output(fast, shape, 'float32');
      const x = use(emptyHandle(shape, backend.computeType));
      const weight = filterOf(filter!, backend, use);
      const inputs = { dy: backend.operand(dy!, use), x, filter: weight };
      const dx = convGradient(inputs, how, 'x');
      return backend.output(dx, shape, 'float32');
    }),
  ),
  kernel<Conv2DGradAttributes>(Conv2DGeneralFilterGrad.name, ({ dy, x }, attributes, backend) =>
    scoped((use) => {
      const how = ofGeneral(attributes);
      const shape = [...attributes.shape];
      const operands = { dy: dy!, x: x! };
      const options = { shape, backend };
      const fast =
        filterGradByMachineCode(operands, how, options) ?? filterGradByWinograd(operands, how, options);
      if (fast) return backend.output(fast, shape, 'float32');
      const filter = emptyFilter(shape, backend, use);
      const inputs = { dy: backend.operand(dy!, use), x: backend.operand(x!, use), filter };
      return backend.output(convGradient(inputs, how, 'filter'), shape, 'float32');
    }),
  ),
];
